package dev.steward.conversations;

/// A title made from a conversation's first message, at once and without a model: its first sentence or line, cut
/// at a word.
final class FirstTitle {

    /// Long enough to recognise, short enough for a list.
    static final int CHARS_MAX = 60;

    private FirstTitle() {}

    static String of(String message) {
        String line =
                message.strip().lines().filter(l -> !l.isBlank()).findFirst().orElse("");
        String text = line.replaceAll("[\\p{Cntrl}\\s]+", " ")
                .replaceFirst("^[#>*`\\-\\s]+", "")
                .strip();
        String sentence = text.replaceFirst("(?<=[.!?])\\s.*$", "");
        if (sentence.isEmpty()) {
            return "New conversation";
        }
        if (sentence.length() <= CHARS_MAX) {
            return sentence;
        }
        int end = sentence.lastIndexOf(' ', CHARS_MAX - 1);
        if (end < CHARS_MAX / 2) {
            end = Character.isLowSurrogate(sentence.charAt(CHARS_MAX - 1)) ? CHARS_MAX - 2 : CHARS_MAX - 1;
        }
        return sentence.substring(0, end) + "…";
    }
}
