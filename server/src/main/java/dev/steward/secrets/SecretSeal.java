package dev.steward.secrets;

import static java.util.Objects.requireNonNull;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.Secret;
import dev.steward.base.StewardException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Seals secrets with a key that lies in a file of the data directory and nowhere else: AES-256-GCM by Tink
/// (docs/decisions/0017).
///
/// The file is made with the first secret, readable by the server's own account only. It is never replaced: a file
/// that can't be read is told and left alone. Nodes that share a database need the same file. Safe for use by many
/// threads.
public final class SecretSeal {

    /// The file in the data directory: a Tink keyset, which may hold older keys beside the one in use.
    public static final String FILE = "secrets.key";

    private static final Logger LOG = LoggerFactory.getLogger(SecretSeal.class);

    private final Path file;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Aead known;

    public SecretSeal(Path file) {
        this.file = requireNonNull(file, "file");
    }

    /// Seals a secret for one purpose; only the same purpose opens it again.
    ///
    /// @param purpose what it belongs to, such as the server that a key is for; need not be secret
    /// @throws StewardException the key file can't be read or written
    public byte[] seal(Secret secret, String purpose) {
        try {
            return aead().encrypt(bytes(secret.value()), bytes(purpose));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM seals any text", e);
        }
    }

    /// Opens what was sealed for this purpose; empty when it can't be: another key, another purpose, altered.
    public Optional<Secret> open(byte[] sealed, String purpose) {
        try {
            if (known == null && !Files.exists(file)) {
                return Optional.empty();
            }
            return Optional.of(new Secret(new String(aead().decrypt(sealed, bytes(purpose)), StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException | StewardException _) {
            return Optional.empty();
        }
    }

    private Aead aead() {
        Aead aead = known;
        if (aead != null) {
            return aead;
        }
        // Held across reading a file of 300 bytes, once.
        making.lock();
        try {
            if (known == null) {
                known = load();
            }
            return requireNonNull(known, "known");
        } finally {
            making.unlock();
        }
    }

    private Aead load() {
        try {
            AeadConfig.register();
            return keyset().getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException _) {
            // Without the cause: a parser's message could show the key.
            LOG.atError().addKeyValue("file", file).log("The file with the key for secrets can't be read or written");
            throw new StewardException(ErrorCode.INTERNAL_ERROR, Saying.SECRETS_LOCKED.said(FILE));
        }
    }

    private KeysetHandle keyset() throws IOException, GeneralSecurityException {
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get());
        } catch (NoSuchFileException _) {
            KeysetHandle fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            write(TinkJsonProtoKeysetFormat.serializeKeyset(fresh, InsecureSecretKeyAccess.get()));
            LOG.atInfo().addKeyValue("file", file).log("A key for secrets was made; keep a copy with the backups");
            return fresh;
        }
    }

    /// Never half, never readable by others, on the disk before anything is sealed with it.
    private void write(String keyset) throws IOException {
        Path directory = requireNonNull(file.getParent(), "directory");
        Files.createDirectories(directory);
        Path next = Files.createTempFile(
                directory,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, keyset);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
