package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.security.SecureRandom;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `auth_key`: one row, made by whoever needs it first. Read once. Safe for use by many threads.
final class AuthKeyStore {

    private static final int MAC_KEY_BYTES = 32;

    private final JdbcClient jdbc;
    private final SecureRandom random;
    private volatile @Nullable AuthKeys known;

    AuthKeyStore(JdbcClient jdbc, SecureRandom random) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.random = requireNonNull(random, "random");
    }

    AuthKeys keys() {
        AuthKeys keys = known;
        if (keys == null) {
            keys = load();
            known = keys;
        }
        return keys;
    }

    private AuthKeys load() {
        byte[] mac = new byte[MAC_KEY_BYTES];
        random.nextBytes(mac);
        try {
            ECKey fresh = new ECKeyGenerator(Curve.P_256)
                    .keyIDFromThumbprint(true)
                    .secureRandom(random)
                    .generate();
            jdbc.sql("""
                            insert into auth_key (id, signing_jwk, mac_key)
                            values (1, :jwk, :mac)
                            on conflict (id) do nothing
                            """).param("jwk", fresh.toJSONString()).param("mac", mac).update();
            return jdbc.sql("select signing_jwk, mac_key from auth_key where id = 1")
                    .query((row, _) -> new AuthKeys(parse(row.getString("signing_jwk")), row.getBytes("mac_key")))
                    .single();
        } catch (JOSEException e) {
            throw new IllegalStateException("a signing key can't be made", e);
        }
    }

    private static ECKey parse(String jwk) {
        try {
            return ECKey.parse(jwk);
        } catch (ParseException _) {
            // Without its cause: the parser's message could show the key.
            throw new IllegalStateException("the signing key in auth_key can't be read");
        }
    }
}
