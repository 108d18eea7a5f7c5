package dev.steward.assistant.input;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.input.InputFlag.Kind;
import dev.steward.base.FieldFault;
import dev.steward.base.InputRules;
import dev.steward.base.NameCheck;
import dev.steward.base.Saying;
import dev.steward.base.Wording;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks what comes in, of whatever type it is (CHAT-4); never throws on it. Time is linear in the length.
///
/// - [#message] and [#context]: free text. Refused if it is empty, too long or can't be stored; else accepted as it
///   came, with flags. In strict mode a sure sign of an attack is refused, too.
/// - [#title], [#displayName], [#fileName], [#agentName], [#metadataKey]: names. Refused on any hit.
///
/// A length is counted in Unicode code points. Immutable; safe for use by many threads.
public final class InputValidator implements InputRules {

    /// Longest title, in characters.
    public static final int TITLE_CHARS_MAX = 200;

    /// Longest name of a person, in characters.
    public static final int DISPLAY_NAME_CHARS_MAX = 100;

    /// Longest file name, in bytes of UTF-8: what file systems take.
    public static final int FILE_NAME_BYTES_MAX = 255;

    /// Longest name of an agent, in characters.
    public static final int AGENT_NAME_CHARS_MAX = 40;

    /// Longest key, in characters.
    public static final int KEY_CHARS_MAX = 64;

    /// Deepest nesting of a context.
    public static final int DEPTH_MAX = 8;

    /// Most values in a context, all levels together.
    public static final int VALUES_MAX = 1_000;

    private static final Set<Kind> ATTACKS = Set.of(Kind.XSS, Kind.SQL_INJECTION, Kind.PATH_TRAVERSAL);

    /// Names that Windows gives to devices, whatever the extension.
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    /// Keys that mean something else to JavaScript.
    private static final Set<String> LOADED_KEYS = Set.of("__proto__", "constructor", "prototype");

    private final InputSettings settings;

    public InputValidator(InputSettings settings) {
        this.settings = requireNonNull(settings, "settings");
    }

    // ---- free text ----

    /// Checks a message to the assistant.
    public TextCheck message(String field, @Nullable Object value) {
        if (value == null) {
            return refused(field, "required", Saying.WRITE_SOMETHING.said());
        }
        if (!(value instanceof String text)) {
            return refused(field, "type", "send text");
        }
        if (text.length() > settings.messageCharsMax()
                && text.codePointCount(0, text.length()) > settings.messageCharsMax()) {
            return refused(
                    field,
                    "length",
                    Saying.WRITE_AT_MOST_INSTEAD.said(
                            settings.messageCharsMax(), text.codePointCount(0, text.length())));
        }
        if (!Characters.isVisible(text)) {
            return refused(field, "required", Saying.WRITE_SOMETHING.said());
        }
        var hits = new Hits();
        if (new AttackScanner(hits).scan(text)) {
            if (!Characters.isStorable(text)) {
                return refused(field, "characters", Saying.LEAVE_OUT_NUL.said());
            }
            oddCharacters(text, hits);
        }
        List<InputFlag> flags = hits.flags();
        List<FieldFault> faults = settings.strict() ? attackFaults(field, flags) : List.of();
        return faults.isEmpty() ? new TextCheck.Accepted(text, flags) : new TextCheck.Refused(faults);
    }

    @Override
    public List<FieldFault> textFaults(String field, @Nullable Object value, int charsMax) {
        if (!(value instanceof String text)) {
            return List.of(new FieldFault(field, value == null ? "required" : "type", "send text"));
        }
        if (text.length() > charsMax && text.codePointCount(0, text.length()) > charsMax) {
            return List.of(new FieldFault(field, "length", Saying.WRITE_AT_MOST.said(charsMax)));
        }
        if (!Characters.isStorable(text)) {
            return List.of(new FieldFault(field, "characters", Saying.LEAVE_OUT_NUL.said()));
        }
        return settings.strict() ? attackFaults(field, flags(text)) : List.of();
    }

    @Override
    public List<FieldFault> contextFaults(String field, @Nullable Object value) {
        return switch (context(field, value)) {
            case TextCheck.Accepted _ -> List.of();
            case TextCheck.Refused(List<FieldFault> faults) -> faults;
        };
    }

    /// Checks what accompanies a message: texts, numbers, booleans, nulls, in maps and lists.
    public TextCheck context(String field, @Nullable Object value) {
        var walk = new ContextWalk();
        walk.visit(field, value, 0);
        if (walk.faults.isEmpty() && settings.strict()) {
            walk.faults.addAll(attackFaults(field, walk.hits.flags()));
        }
        return walk.faults.isEmpty()
                ? new TextCheck.Accepted("", walk.hits.flags())
                : new TextCheck.Refused(walk.faults);
    }

    /// The signs in a text, without judging it.
    public List<InputFlag> flags(String text) {
        var hits = new Hits();
        if (new AttackScanner(hits).scan(text)) {
            oddCharacters(text, hits);
        }
        return hits.flags();
    }

    // ---- names ----

    /// Checks the title of a conversation or a document: one line.
    public NameCheck title(String field, @Nullable Object value) {
        return line(field, value, TITLE_CHARS_MAX);
    }

    /// Checks the name of a person or any other short text of a profile: one line.
    @Override
    public NameCheck displayName(String field, @Nullable Object value) {
        return line(field, value, DISPLAY_NAME_CHARS_MAX);
    }

    /// Checks a file name: no path, nothing that a file system reads in its own way.
    public NameCheck fileName(String field, @Nullable Object value) {
        NameCheck line = line(field, value, FILE_NAME_BYTES_MAX);
        if (!(line instanceof NameCheck.Accepted(String name))) {
            return line;
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > FILE_NAME_BYTES_MAX) {
            return refusedName(field, "length", "give a name of at most " + FILE_NAME_BYTES_MAX + " bytes");
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.startsWith("..") || name.equals(".")) {
            return refusedName(field, "path_traversal", "give a name without / and \\ that is not . or ..");
        }
        if (name.chars().anyMatch(c -> "<>:\"|?*".indexOf(c) >= 0)) {
            return refusedName(field, "characters", "leave out < > : \" | ? *");
        }
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
        if (name.endsWith(".") || DEVICES.contains(stem)) {
            return refusedName(field, "format", "give a name that does not end in a dot and is not a device's");
        }
        return line;
    }

    /// Checks the name of an agent: lower-case letters, digits, `-` and `_`.
    public NameCheck agentName(String field, @Nullable Object value) {
        return word(
                field,
                value,
                AGENT_NAME_CHARS_MAX,
                "abcdefghijklmnopqrstuvwxyz0123456789_-",
                "lower-case letters," + " digits, - and _, beginning with a letter");
    }

    /// Checks the key of a metadata entry: letters, digits, `.`, `-` and `_`.
    public NameCheck metadataKey(String field, @Nullable Object value) {
        NameCheck word = word(
                field,
                value,
                KEY_CHARS_MAX,
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-",
                "letters, digits, . - and _, beginning with a letter");
        if (word instanceof NameCheck.Accepted(String name)
                && (name.contains("..") || LOADED_KEYS.contains(name.toLowerCase(Locale.ROOT)))) {
            return refusedName(field, "reserved", "choose another key");
        }
        return word;
    }

    private static NameCheck word(
            String field, @Nullable Object value, int charsMax, String alphabet, String whatPasses) {
        if (value == null) {
            return refusedName(field, "required", "give 1 to " + charsMax + " " + whatPasses);
        }
        if (!(value instanceof String text)) {
            return refusedName(field, "type", "send text");
        }
        if (text.isEmpty() || text.length() > charsMax) {
            return refusedName(field, "length", "give 1 to " + charsMax + " " + whatPasses);
        }
        boolean fits = text.chars().allMatch(c -> alphabet.indexOf(c) >= 0);
        char first = text.charAt(0);
        if (!fits || !((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z'))) {
            return refusedName(field, "format", "give 1 to " + charsMax + " " + whatPasses);
        }
        return new NameCheck.Accepted(text);
    }

    private NameCheck line(String field, @Nullable Object value, int charsMax) {
        if (value == null) {
            return refusedName(field, "required", Saying.GIVE_CHARACTERS.said(charsMax));
        }
        if (!(value instanceof String text)) {
            return refusedName(field, "type", "send text");
        }
        // Composing can shorten, but never to less than a quarter: longer texts need not be looked at.
        if (text.length() > charsMax * 8 || !Characters.isVisible(text)) {
            return refusedName(field, "length", Saying.GIVE_VISIBLE_CHARACTERS.said(charsMax));
        }
        if (!Characters.isStorable(text)) {
            return refusedName(field, "characters", Saying.LEAVE_OUT_NUL.said());
        }
        if (text.codePoints().anyMatch(InputValidator::unfitForALine)) {
            return refusedName(field, "characters", Saying.WRITE_ONE_LINE.said());
        }
        String name = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
        if (name.codePointCount(0, name.length()) > charsMax) {
            return refusedName(field, "length", Saying.GIVE_CHARACTERS.said(charsMax));
        }
        List<FieldFault> faults = attackFaults(field, flags(name));
        return faults.isEmpty() ? new NameCheck.Accepted(name) : new NameCheck.Refused(faults);
    }

    private static boolean unfitForALine(int c) {
        return Character.isISOControl(c)
                || Characters.isBidiControl(c)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x2028
                || c == 0x2029
                || c == 0xFFFD
                || (c >= 0xFFF9 && c <= 0xFFFB);
    }

    private static List<FieldFault> attackFaults(String field, List<InputFlag> flags) {
        List<FieldFault> faults = new ArrayList<>();
        for (InputFlag flag : flags) {
            if (flag.score() >= InputFlag.SURE && ATTACKS.contains(flag.kind())) {
                faults.add(new FieldFault(field, flag.kind().wire(), leaveOut(flag.kind())));
            }
        }
        return faults;
    }

    private static Wording leaveOut(Kind kind) {
        return switch (kind) {
            case XSS -> Saying.LEAVE_OUT_HTML.said();
            case SQL_INJECTION -> Saying.LEAVE_OUT_SQL.said();
            case PATH_TRAVERSAL -> Saying.LEAVE_OUT_PATHS.said();
            case CONTROL_CHARACTERS, BIDI_OVERRIDE, REPLACEMENT_CHARACTER -> Saying.WRITE_ONE_LINE.said();
        };
    }

    private static void oddCharacters(String text, Hits hits) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c >= 0x7F && c <= 0x9F) {
                hits.add(Kind.CONTROL_CHARACTERS, 0.5, i, i + 1, null);
            } else if (c >= 0x202A) {
                if (Characters.isBidiControl(c)) {
                    hits.add(Kind.BIDI_OVERRIDE, 0.5, i, i + 1, null);
                } else if (c == 0xFFFD) {
                    hits.add(Kind.REPLACEMENT_CHARACTER, 0.2, i, i + 1, null);
                }
            }
            i++;
        }
    }

    private static TextCheck refused(String field, String rule, Wording message) {
        return new TextCheck.Refused(List.of(new FieldFault(field, rule, message)));
    }

    private static TextCheck refused(String field, String rule, String message) {
        return new TextCheck.Refused(List.of(new FieldFault(field, rule, message)));
    }

    private static NameCheck refusedName(String field, String rule, Wording message) {
        return new NameCheck.Refused(List.of(new FieldFault(field, rule, message)));
    }

    private static NameCheck refusedName(String field, String rule, String message) {
        return new NameCheck.Refused(List.of(new FieldFault(field, rule, message)));
    }

    /// One context, seen value by value. Stops at the first fault.
    private final class ContextWalk {

        private final List<FieldFault> faults = new ArrayList<>();
        private final Hits hits = new Hits();
        private int charsLeft = settings.contextCharsMax();
        private int valuesLeft = VALUES_MAX;

        void visit(String field, @Nullable Object value, int depth) {
            if (depth > DEPTH_MAX) {
                fault(field, "depth", "nest at most " + DEPTH_MAX + " levels");
            } else if (--valuesLeft < 0) {
                fault(field, "count", "send at most " + VALUES_MAX + " values");
            } else {
                switch (value) {
                    case null -> {}
                    case String text -> text(field, text);
                    case Boolean _, Number _ -> spend(field, 8);
                    case Map<?, ?> map -> map(field, map, depth);
                    case Iterable<?> list -> list(field, list, depth);
                    default -> fault(field, "type", "send texts, numbers, booleans, lists and maps");
                }
            }
        }

        private void text(String field, String text) {
            if (!spend(field, text.length())) {
                return;
            }
            if (new AttackScanner(hits).scan(text)) {
                if (!Characters.isStorable(text)) {
                    faults.add(new FieldFault(field, "characters", Saying.LEAVE_OUT_NUL.said()));
                    return;
                }
                oddCharacters(text, hits);
            }
        }

        private void map(String field, Map<?, ?> map, int depth) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                List<FieldFault> wrong = metadataKey(field, entry.getKey()).faults();
                if (!wrong.isEmpty()) {
                    faults.addAll(wrong);
                } else if (entry.getKey() instanceof String key && spend(field, key.length())) {
                    visit(field + "." + key, entry.getValue(), depth + 1);
                }
                if (!faults.isEmpty()) {
                    return;
                }
            }
        }

        private void list(String field, Iterable<?> list, int depth) {
            int i = 0;
            for (Object item : list) {
                visit(field + "[" + i++ + "]", item, depth + 1);
                if (!faults.isEmpty()) {
                    return;
                }
            }
        }

        private boolean spend(String field, int chars) {
            charsLeft -= chars;
            if (charsLeft < 0 && faults.isEmpty()) {
                fault(field, "length", "send at most " + settings.contextCharsMax() + " characters of context");
            }
            return charsLeft >= 0;
        }

        private void fault(String field, String rule, String message) {
            faults.add(new FieldFault(field, rule, message));
        }
    }
}
