package dev.steward.telemetry;

import java.util.regex.Pattern;

/// Hides what looks like a secret in a finished log line. The last line of defence: secrets should not get there at
/// all.
final class Secrets {

    private record Rule(String hint, Pattern pattern, String replacement) {
        Rule(String hint, String pattern, String replacement) {
            this(hint, Pattern.compile(pattern), replacement);
        }
    }

    /// A rule is tried only where its hint stands in the line. All are linear: no repetition inside another, none
    /// without a bound next to text that it could match too.
    private static final Rule[] RULES = {
        new Rule("earer ", "([Bb]earer +)[A-Za-z0-9._~+/=-]{4,}", "$1***"),
        new Rule("asic ", "([Bb]asic +)[A-Za-z0-9+/=]{6,}", "$1***"),
        new Rule("stw_", "stw_[A-Za-z0-9_-]{4,}", "stw_***"),
        new Rule("sk-", "\\bsk-[A-Za-z0-9_-]{12,}", "sk-***"),
        new Rule("eyJ", "eyJ[A-Za-z0-9_-]{8,2048}+\\.[A-Za-z0-9_-]{4,}+(?:\\.[A-Za-z0-9_-]*+)?", "***jwt***"),
        new Rule("://", "(://[^/\\s:@\"]{0,128}+:)[^/\\s@\"]{1,256}+@", "$1***@"),
        new Rule(
                "assword",
                "((?:[Pp]assword|[Pp]assword_hash)(?:\\\\?\"| )?[=:] ?(?:\\\\?\")?)[^\\s\"&,;\\\\]{1,256}+",
                "$1***"),
        new Rule("api", "(api[_-]?[kK]ey(?:\\\\?\"| )?[=:] ?(?:\\\\?\")?)[^\\s\"&,;\\\\]{1,256}+", "$1***"),
    };

    private Secrets() {}

    static String masked(String line) {
        String masked = line;
        for (Rule rule : RULES) {
            if (masked.contains(rule.hint)) {
                masked = rule.pattern.matcher(masked).replaceAll(rule.replacement);
            }
        }
        return masked;
    }
}
