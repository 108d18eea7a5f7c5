package dev.steward.models.embedded;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.args.LogFormat;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The child process that runs the built-in model. Started by [ModelProcess]; of no use by hand.
///
/// Arguments: model file, context in tokens, threads. It always ends by `halt`, because a native thread of the library
/// would keep the JVM alive.
public final class EmbeddedModelMain {

    /// Exit codes, read by [ModelProcess]: 0 the input ended; 65 the file can't be loaded; 70 anything else.
    static final int EXIT_MODEL = 65;

    static final int EXIT_INTERNAL = 70;

    private EmbeddedModelMain() {}

    public static void main(String[] args) {
        // Standard output belongs to the frames; whatever the library prints goes to the log.
        OutputStream frames = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        int exit = EXIT_INTERNAL;
        try {
            exit = run(args, frames);
        } catch (IOException | RuntimeException | LinkageError e) {
            System.err.println("the built-in model's process failed: " + e);
        } finally {
            Runtime.getRuntime().halt(exit);
        }
    }

    private static int run(String[] args, OutputStream frames) throws IOException {
        int contextTokens = Integer.parseInt(args[1]);
        int threads = Integer.parseInt(args[2]);
        LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> System.err.print(message));
        LlamaEngine engine;
        try {
            engine = new LlamaEngine(Path.of(args[0]), contextTokens, threads);
        } catch (RuntimeException e) {
            System.err.println("the model file can't be loaded: " + e);
            return EXIT_MODEL;
        }
        var in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
        new EngineLoop(engine, in, frames).run();
        return 0;
    }
}
