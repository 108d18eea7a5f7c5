package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `steward chat` while the server dies and comes back.
class ChatTest {

    @TempDir
    Path directory;

    private FaultyModelServer model;
    private StewardProcess steward;
    private Process chat;

    @BeforeEach
    void start() throws Exception {
        model = FaultyModelServer.start();
        steward = StewardProcess.start(directory, Yaml.oneBackend(model));
        model.chunks(200).chunkInterval(Duration.ofMillis(15));
    }

    @AfterEach
    void stop() throws Exception {
        if (chat != null) {
            chat.destroyForcibly();
        }
        steward.close();
        model.close();
    }

    /// `script` gives the program a terminal; a person types into it.
    @Test
    void aConversationAtTheTerminalGoesOnAfterARestart() throws Exception {
        chat = chat("script", "-qfec", "stty cols 20000; " + Installation.launcher() + " chat", "/dev/null");
        try (OutputStream keys = chat.getOutputStream()) {
            type(keys, "Tell me a long story.\r");
            awaitOutput("Frànce");

            steward.kill();
            awaitOutput("Interrupted");
            steward.launch();
            steward.awaitReady();

            awaitOutput("Connected again");
            awaitOutput("höme24");
            assertEachWordOnce();
            type(keys, "/quit\r");
            assertThat(chat.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(chat.exitValue()).isZero();
        }
    }

    @Test
    void aQuestionFromAPipeIsAnsweredWholeAfterARestart() throws Exception {
        chat = chat(Installation.launcher().toString(), "chat");
        try (OutputStream question = chat.getOutputStream()) {
            question.write("Tell me a long story.".getBytes(StandardCharsets.UTF_8));
        }
        Eventually.until("the model is asked", Person.PATIENCE, () -> model.requests() > 0);

        steward.kill();
        steward.launch();

        assertThat(chat.waitFor(Person.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(chat.exitValue()).as(output()).isZero();
        assertThat(output()).contains(model.answerText().strip());
    }

    private Process chat(String... command) throws Exception {
        var builder = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chat.log").toFile());
        Installation.environment(builder.environment());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("XDG_CONFIG_HOME");
        builder.environment().put("STEWARD_URL", steward.uri("/").toString());
        builder.environment().put("STEWARD_TOKEN", Person.register(steward).token());
        return builder.start();
    }

    private static void type(OutputStream keys, String line) throws IOException {
        keys.write(line.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    private void awaitOutput(String text) {
        Eventually.until("the terminal shows " + text, Person.PATIENCE, () -> output().contains(text));
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("chat.log"));
    }

    /// The words of the answer are numbered, so that one that is missing or comes twice is seen.
    private void assertEachWordOnce() throws IOException {
        String shown = output();
        for (int i = 1; i < 25; i++) {
            // What follows is a space, or the end of the line when it was the last word before the interruption.
            assertThat(shown.split("Paris" + i + "(?!\\d)", -1)).as("Paris" + i).hasSize(2);
        }
    }
}
