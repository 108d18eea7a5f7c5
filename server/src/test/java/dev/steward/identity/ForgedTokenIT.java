package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.TestUser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Everything that is known to have fooled JWT libraries, against the real endpoint (RFC 8725, section 2).
class ForgedTokenIT {

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    private static final TestUser USER = api.user(Role.ADMIN);

    private interface Change<T> extends UnaryOperator<T> {}

    @Test
    void noForgedTokenIsTaken() throws Exception {
        assertThat(api.get("/api/v1/me", USER).status()).isEqualTo(200);
        Map<String, String> forged = forged();

        assertThat(forged).hasSizeGreaterThanOrEqualTo(30);
        forged.forEach((name, token) -> assertThat(
                        api.get("/api/v1/me", USER.with(token)).status())
                .as(name)
                .isEqualTo(401));
    }

    @Test
    void theControlIsAToken() throws Exception {
        // If this fails, the table above proves nothing.
        String token = signed(header -> header, claims -> claims, new ECDSASigner(key()));

        assertThat(api.get("/api/v1/me", USER.with(token)).status()).isEqualTo(200);
    }

    private static Map<String, String> forged() throws Exception {
        ECKey own = key();
        ECKey foreign = new ECKeyGenerator(Curve.P_256).keyID(own.getKeyID()).generate();
        JWSSigner sign = new ECDSASigner(own);
        String good = USER.token();
        String[] part = good.split("\\.", -1);
        Map<String, String> forged = new LinkedHashMap<>();
        forged.put("no signature", part[0] + "." + part[1] + ".");
        forged.put("two parts", part[0] + "." + part[1]);
        forged.put("four parts", good + ".x");
        forged.put("five parts", good + ".x.y");
        forged.put("garbage", "x.y.z");
        forged.put("one letter", "x");
        forged.put("too long", good + "A".repeat(9000));
        forged.put("another payload", part[0] + "." + payload("{\"sub\":\"admin\"}") + "." + part[2]);
        forged.put("another signature", part[0] + "." + part[1] + "." + flipped(part[2]));
        forged.put("zero signature", part[0] + "." + part[1] + "." + encode(new byte[64]));
        forged.put("short signature", part[0] + "." + part[1] + "." + encode(new byte[8]));
        forged.put("padded", good + "=");
        forged.put("alg none", raw("{\"alg\":\"none\",\"typ\":\"at+jwt\"}", part[1], ""));
        forged.put("alg None", raw("{\"alg\":\"None\",\"typ\":\"at+jwt\"}", part[1], ""));
        forged.put("alg none with the signature", raw("{\"alg\":\"none\",\"typ\":\"at+jwt\"}", part[1], part[2]));
        forged.put("header not JSON", raw("alg", part[1], part[2]));
        forged.put(
                "payload not JSON", raw("{\"alg\":\"ES256\"}", encode("x".getBytes(StandardCharsets.UTF_8)), part[2]));
        forged.put("alg twice", raw("{\"alg\":\"ES256\",\"alg\":\"none\"}", part[1], part[2]));
        forged.put("foreign key, our kid", signed(h -> h, c -> c, new ECDSASigner(foreign)));
        forged.put(
                "foreign key in the header",
                signed(h -> h.jwk(foreign.toPublicJWK()), c -> c, new ECDSASigner(foreign)));
        forged.put("our key in the header", signed(h -> h.jwk(own.toPublicJWK()), c -> c, sign));
        forged.put("jku", signed(h -> h.jwkURL(URI.create("http://127.0.0.1/keys")), c -> c, sign));
        forged.put("x5u", signed(h -> h.x509CertURL(URI.create("http://127.0.0.1/cert")), c -> c, sign));
        forged.put("x5t", signed(h -> h.x509CertSHA256Thumbprint(Base64URL.encode("x")), c -> c, sign));
        forged.put("another kid", signed(h -> h.keyID("../../etc/passwd"), c -> c, sign));
        forged.put("no kid", signed(h -> h.keyID(null), c -> c, sign));
        forged.put("unencoded payload", signed(h -> h.base64URLEncodePayload(false), c -> c, sign));
        forged.put("crit", signed(h -> h.criticalParams(java.util.Set.of("exp")), c -> c, sign));
        forged.put("cty", signed(h -> h.contentType("JWT"), c -> c, sign));
        forged.put("type JWT", signed(h -> h.type(JOSEObjectType.JWT), c -> c, sign));
        forged.put("no type", signed(h -> h.type(null), c -> c, sign));
        forged.put("extra header", signed(h -> h.customParam("x", 1), c -> c, sign));
        forged.put("expired", signed(h -> h, c -> c.expirationTime(past()), sign));
        forged.put("no expiry", signed(h -> h, c -> c.expirationTime(null), sign));
        forged.put("expiry too far", signed(h -> h, c -> c.expirationTime(future()), sign));
        forged.put("from the future", signed(h -> h, c -> c.issueTime(future()).expirationTime(future()), sign));
        forged.put("no issue time", signed(h -> h, c -> c.issueTime(null), sign));
        forged.put("another issuer", signed(h -> h, c -> c.issuer("https://evil.test"), sign));
        forged.put("no issuer", signed(h -> h, c -> c.issuer(null), sign));
        forged.put("another audience", signed(h -> h, c -> c.audience("other"), sign));
        forged.put("two audiences", signed(h -> h, c -> c.audience(List.of("steward", "other")), sign));
        forged.put(
                "another user", signed(h -> h, c -> c.subject(UUID.randomUUID().toString()), sign));
        forged.put("subject no UUID", signed(h -> h, c -> c.subject("admin"), sign));
        forged.put("no session", signed(h -> h, c -> c.claim("sid", null), sign));
        forged.put(
                "another session",
                signed(h -> h, c -> c.claim("sid", UUID.randomUUID().toString()), sign));
        forged.put("session a number", signed(h -> h, c -> c.claim("sid", 7), sign));
        forged.put("extra claim", signed(h -> h, c -> c.claim("role", "admin"), sign));
        forged.put("HMAC with the public key", hmac(own.toPublicJWK().toJSONString()));
        forged.put("RSA", rsa());
        forged.put("ES384", es384());
        return forged;
    }

    private static String signed(
            Change<JWSHeader.Builder> header, Change<JWTClaimsSet.Builder> claims, JWSSigner signer) throws Exception {
        ECKey own = key();
        JWSHeader.Builder good = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(own.getKeyID());
        SignedJWT token =
                new SignedJWT(header.apply(good).build(), claims.apply(claims()).build());
        token.sign(signer);
        return token.serialize();
    }

    private static JWTClaimsSet.Builder claims() throws ParseException {
        return new JWTClaimsSet.Builder(SignedJWT.parse(USER.token()).getJWTClaimsSet());
    }

    private static String hmac(String secret) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key().getKeyID())
                        .build(),
                claims().build());
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    private static String rsa() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key().getKeyID())
                        .build(),
                claims().build());
        token.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
        return token.serialize();
    }

    private static String es384() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES384)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key().getKeyID())
                        .build(),
                claims().build());
        token.sign(new ECDSASigner(new ECKeyGenerator(Curve.P_384).generate()));
        return token.serialize();
    }

    private static ECKey key() throws ParseException {
        return ECKey.parse(api.postgres()
                .jdbc()
                .sql("select signing_jwk from auth_key")
                .query(String.class)
                .single());
    }

    private static Date past() {
        return Date.from(Instant.parse("2026-01-01T00:00:00Z"));
    }

    private static Date future() {
        return Date.from(Instant.parse("2099-01-01T00:00:00Z"));
    }

    private static String raw(String header, String payload, String signature) {
        return encode(header.getBytes(StandardCharsets.UTF_8)) + "." + payload + "." + signature;
    }

    private static String payload(String json) {
        return encode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String flipped(String signature) {
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        bytes[10] ^= 1;
        return encode(bytes);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
