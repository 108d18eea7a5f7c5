package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.steward.base.UserId;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// Makes and reads access tokens: JWTs that name a user and a session for a few minutes. One algorithm, one key,
/// one type, one issuer, one audience; everything that lets a token choose how it is checked is refused.
/// Thread-safe.
///
/// Source: RFC 8725 (best practice), RFC 9068 (access token profile).
final class AccessTokens {

    static final String ISSUER = "steward";
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid");
    private static final Set<String> CLAIMS = Set.of("iss", "aud", "sub", "sid", "iat", "exp", "jti");

    /// Clocks of nodes differ a little.
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final int LENGTH_MAX = 2048;

    /// Three parts in base64url, the last one of 64 bytes.
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}");

    /// What a good token says.
    record Claims(UserId user, UUID session, Instant expires) {}

    private final AuthKeyStore keys;
    private final InstantSource clock;
    private final Duration life;

    AccessTokens(AuthKeyStore keys, InstantSource clock, Duration life) {
        this.keys = requireNonNull(keys, "keys");
        this.clock = requireNonNull(clock, "clock");
        this.life = requireNonNull(life, "life");
    }

    Duration life() {
        return life;
    }

    String issue(UserId user, UUID session) {
        AuthKeys current = keys.keys();
        Instant now = clock.instant();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TYPE)
                .keyID(current.signing().getKeyID())
                .build();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(ISSUER)
                .subject(user.toString())
                .claim("sid", session.toString())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(current.signing()));
        } catch (JOSEException e) {
            throw new IllegalStateException("an access token can't be signed", e);
        }
        return token.serialize();
    }

    /// Reads a token; empty unless it is one of ours and its time has not passed.
    Optional<Claims> read(String token) {
        if (token.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!isCanonical(jwt, token) || !isOurs(jwt.getHeader())) {
                return Optional.empty();
            }
            if (!jwt.verify(new ECDSAVerifier(keys.keys().signing()))) {
                return Optional.empty();
            }
            return claims(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException _) {
            // Whatever can't be read is not ours; the caller learns no more than that.
            return Optional.empty();
        }
    }

    /// Base64 has several spellings of the same bytes; only the one that is written here is taken.
    private static boolean isCanonical(SignedJWT jwt, String token) {
        byte[] signature = jwt.getSignature().decode();
        return SHAPE.matcher(token).matches()
                && token.endsWith("." + Base64URL.encode(signature).toString());
    }

    private boolean isOurs(JWSHeader header) {
        return JWSAlgorithm.ES256.equals(header.getAlgorithm())
                && TYPE.equals(header.getType())
                && keys.keys().signing().getKeyID().equals(header.getKeyID())
                && HEADER.equals(header.toJSONObject().keySet());
    }

    private Optional<Claims> claims(JWTClaimsSet claims) throws ParseException {
        Date issued = claims.getIssueTime();
        Date expires = claims.getExpirationTime();
        String session = claims.getStringClaim("sid");
        if (!ISSUER.equals(claims.getIssuer())
                || !List.of(ISSUER).equals(claims.getAudience())
                || !CLAIMS.equals(claims.getClaims().keySet())
                || issued == null
                || expires == null
                || session == null
                || claims.getSubject() == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        boolean inTime = now.isBefore(expires.toInstant())
                && !issued.toInstant().isAfter(now.plus(SKEW))
                && !expires.toInstant().isAfter(issued.toInstant().plus(life));
        return inTime
                ? Optional.of(new Claims(
                        new UserId(UUID.fromString(claims.getSubject())),
                        UUID.fromString(session),
                        expires.toInstant()))
                : Optional.empty();
    }
}
