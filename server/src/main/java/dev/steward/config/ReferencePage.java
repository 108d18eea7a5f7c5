package dev.steward.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes docs/reference/configuration.md from the settings.
final class ReferencePage {

    private static final String INTRODUCTION = """
            # Configuration

            This page is made from the code; `./steward config reference` prints it anew.

            Steward needs no configuration. Whoever wants one writes `steward.yaml` into the working directory or the data
            directory, or names a file by `--config FILE`. Each key is also an environment variable: `http.port` is
            `STEWARD_HTTP_PORT`, the URL of the first backend is `STEWARD_BACKENDS_0_URL`; a list or a group can be given whole,
            as JSON. What comes later wins: default, file, variable, command line. Relative paths begin at the file's directory,
            in variables and on the command line at the working directory.

            Unknown keys, wrong types and values out of range stop the start, all named at once, with exit code 78.
            `./steward config check` looks without starting, `./steward config show` says what is in force and where it comes from.
            """;

    private ReferencePage() {}

    static String of(Schema.Group schema) {
        var page = new StringBuilder(INTRODUCTION);
        List<Schema.Entry> plain = schema.entries().stream()
                .filter(e -> e.schema() instanceof Schema.Value)
                .toList();
        page.append("\n## Plain keys\n\n").append(table(plain, ""));
        for (Schema.Entry section : schema.entries()) {
            if (!plain.contains(section)) {
                page.append("\n## `").append(section.key()).append("`\n\n");
                page.append(section.meaning().isEmpty() ? "" : section.meaning() + "\n\n");
                page.append(table(entries(section.schema()), prefix(section, "")));
            }
        }
        return page.toString();
    }

    private static String table(List<Schema.Entry> entries, String prefix) {
        return "| key | value | default | meaning |\n|---|---|---|---|\n"
                + entries.stream().map(e -> rows(e, prefix)).collect(Collectors.joining());
    }

    private static String rows(Schema.Entry entry, String prefix) {
        if (entry.schema() instanceof Schema.Group || entry.schema() instanceof Schema.Listing(Schema.Group _)) {
            String below = prefix(entry, prefix);
            return entries(entry.schema()).stream().map(e -> rows(e, below)).collect(Collectors.joining());
        }
        String fallback =
                entry.fallback().isEmpty() ? (required(entry) ? "must be set" : "") : "`" + entry.fallback() + "`";
        return "| `%s%s` | %s | %s | %s |\n"
                .formatted(prefix, entry.key(), kind(entry.schema()), fallback, cell(entry.meaning()));
    }

    private static boolean required(Schema.Entry entry) {
        return !entry.optional() && entry.schema() instanceof Schema.Value;
    }

    private static String prefix(Schema.Entry entry, String prefix) {
        return prefix + entry.key() + (entry.schema() instanceof Schema.Listing ? "[]." : ".");
    }

    private static List<Schema.Entry> entries(Schema schema) {
        return switch (schema) {
            case Schema.Group group -> group.entries();
            case Schema.Listing(Schema.Group group) -> group.entries();
            case Schema.Listing list -> List.of(new Schema.Entry("", "", "", true, list.item()));
            case Schema.Value _ -> List.of();
        };
    }

    private static String kind(Schema schema) {
        return switch (schema) {
            case Schema.Value value
            when value.type().isEnum() ->
                Scalars.constants(value.type()).stream().map(c -> "`" + c + "`").collect(Collectors.joining(", "));
            case Schema.Value value -> Scalars.describe(value.type()).toLowerCase(Locale.ROOT);
            case Schema.Listing list -> "list of: " + kind(list.item());
            case Schema.Group _ -> "group";
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
