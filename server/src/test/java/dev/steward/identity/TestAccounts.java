package dev.steward.identity;

import dev.steward.base.IdSource;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import java.net.InetAddress;
import java.security.SecureRandom;
import org.springframework.beans.factory.BeanFactory;

/// Accounts for tests that need one and don't test how people get one: made where registering ends, with a password
/// whose
/// hash is made once for each JVM, because that is the work of a good part of a second.
public final class TestAccounts {

    /// With which they can sign in.
    public static final String PASSWORD = "a good long test password";

    private static final Client CLIENT = new Client("test", InetAddress.getLoopbackAddress());

    private TestAccounts() {}

    private static final class Hash {
        static final String VALUE = new PasswordHasher(new SecureRandom()).hash(PASSWORD);
    }

    /// @param access the session's access token
    public record Made(UserId id, String access) {}

    /// A new account, signed in.
    public static Made make(BeanFactory beans, String email, Role role) {
        AccountStore accounts = beans.getBean(AccountStore.class);
        var id = new UserId(beans.getBean(IdSource.class).next());
        if (!accounts.insert(id, Email.parse(email).orElseThrow(), "Test", Hash.VALUE, role)) {
            throw new IllegalArgumentException("there is an account of " + email);
        }
        Account account = accounts.byId(id).orElseThrow().account();
        return new Made(id, beans.getBean(Sessions.class).open(account, CLIENT).access());
    }
}
