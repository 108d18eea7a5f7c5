package dev.steward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void escapeSequencesDoNotReachTheTerminal() {
        assertThat(Printable.text("a\033[2Jb\007\r\u009b31m\u202ec\n\td")).isEqualTo("a[2Jb31mc\n\td");
    }

    @Test
    void wordsOfEveryScriptAndSymbolsDo() {
        assertThat(Printable.text("héllo 你好 👩‍👩‍👧 שלום")).isEqualTo("héllo 你好 👩‍👩‍👧 שלום");
    }

    @Test
    void aLineIsOneLine() {
        assertThat(Printable.line("a\nb\tc")).isEqualTo("a b c");
    }
}
