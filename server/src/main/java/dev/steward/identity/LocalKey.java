package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.IdSource;
import dev.steward.base.Permission;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way in for the terminal on the machine that runs the server: an API key in a file of the data directory that
/// only the server's own system account can read. Whoever can read that directory holds the database and the
/// signing keys as well, so the key gives nothing that they could not take.
///
/// The key belongs to an account of its own, an administrator without a usable password, which does not count as the
/// first account: the first person to register becomes administrator all the same. An administrator may deactivate it;
/// then there is no way in by the file.
public final class LocalKey {

    /// The file in the data directory.
    public static final String FILE = "cli.token";

    static final Email ADDRESS = new Email("terminal@localhost");

    private static final Logger LOG = LoggerFactory.getLogger(LocalKey.class);

    private final AccountStore accounts;
    private final ApiKeyStore keys;
    private final PasswordHasher hasher;
    private final Transactions transactions;
    private final IdSource ids;
    private final SecureRandom random;

    LocalKey(
            AccountStore accounts,
            ApiKeyStore keys,
            PasswordHasher hasher,
            Transactions transactions,
            IdSource ids,
            SecureRandom random) {
        this.accounts = requireNonNull(accounts, "accounts");
        this.keys = requireNonNull(keys, "keys");
        this.hasher = requireNonNull(hasher, "hasher");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
        this.random = requireNonNull(random, "random");
    }

    /// Sees to it that the file holds a key that works; makes both when they are not there.
    ///
    /// @param home the data directory
    /// @throws IOException if the file can't be written; people then sign in as from elsewhere
    public void provide(Path home) throws IOException {
        Path file = home.resolve(FILE);
        if (Files.exists(file) && works(Files.readString(file).strip())) {
            return;
        }
        Account account = account();
        if (!account.active()) {
            Files.deleteIfExists(file);
            return;
        }
        ApiKeyText text = ApiKeyText.random(random);
        keys.insert(key(text), account.id(), Digest.sha256(text.full()));
        write(file, text.full());
        LOG.atInfo().addKeyValue("user_id", account.id()).log("A key for the terminal on this machine was made");
    }

    private boolean works(String text) {
        return ApiKeyText.parse(text)
                .flatMap(key -> keys.byHandle(key.handle()))
                .filter(holder -> MessageDigest.isEqual(holder.hash(), Digest.sha256(text)))
                .isPresent();
    }

    private Account account() {
        return transactions.inOne(() -> {
            accounts.lockAdmins();
            Optional<AccountStore.Stored> known = accounts.byEmail(ADDRESS);
            if (known.isEmpty()) {
                // Nobody knows this password, not even we.
                String password = hasher.hash(ApiKeyText.random(random).full());
                accounts.insert(
                        new UserId(ids.next()), ADDRESS, "Terminal on the server's machine", password, Role.ADMIN);
                known = accounts.byEmail(ADDRESS);
            }
            return known.orElseThrow().account();
        });
    }

    private ApiKey key(ApiKeyText text) {
        Set<Permission> all = EnumSet.complementOf(EnumSet.of(Permission.PUBLIC));
        return new ApiKey(
                ids.next(),
                "Terminal on the server's machine",
                text.handle(),
                all,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty());
    }

    /// Never half, never readable by others.
    private static void write(Path file, String text) throws IOException {
        Path directory = requireNonNull(file.getParent(), "directory");
        Path next = Files.createTempFile(
                directory,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
