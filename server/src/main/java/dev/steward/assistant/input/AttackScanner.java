package dev.steward.assistant.input;

import dev.steward.assistant.input.InputFlag.Kind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks for signs of attacks in one pass over a text: a table tells which characters can end or begin a sign, and
/// each looks at most [#REACH] characters around itself, so the time is linear in the length whatever the text is.
/// Used by one thread.
final class AttackScanner {

    /// How far a sign is looked for around its first character.
    private static final int REACH = 48;

    /// Layers of escapes that are undone.
    private static final int LAYERS_MAX = 2;

    /// The character can begin or end a sign.
    private static final int SIGN = 1;

    /// The character can begin an escape.
    private static final int ESCAPE = 2;

    /// The character can't be stored, or should be flagged by itself.
    private static final int ODD = 4;

    private static final byte[] CLASSES = classes();

    private static final Set<String> TAGS =
            Set.of("script", "iframe", "object", "embed", "applet", "frameset", "frame", "portal", "base", "xss");
    private static final Set<String> SCHEMES = Set.of("javascript", "vbscript", "livescript", "mocha");
    private static final Set<String> SCRIPT_CALLS = Set.of("alert", "confirm", "prompt", "eval");
    private static final Set<String> SQL_CALLS = Set.of(
            "pg_sleep",
            "extractvalue",
            "updatexml",
            "load_file",
            "randomblob",
            "benchmark",
            "receive_message",
            "sys_eval",
            "lo_import",
            "get_host_address",
            "xp_cmdshell");
    private static final Set<String> SQL_JOINS = Set.of("or", "and", "xor", "having");
    private static final String[] NOTHING = {};

    // Statements that are piled onto another, by their first letter.
    private static final String[] PILED_A = {"alter table", "alter user"};
    private static final String[] PILED_C = {"create user", "create table", "copy "};
    private static final String[] PILED_D = {
        "drop table",
        "drop database",
        "drop schema",
        "drop view",
        "drop user",
        "drop column",
        "delete from",
        "declare @"
    };
    private static final String[] PILED_E = {"exec ", "exec(", "execute "};
    private static final String[] PILED_G = {"grant all"};
    private static final String[] PILED_I = {"insert into", "if(", "if "};
    private static final String[] PILED_S = {
        "shutdown", "select pg_sleep", "select sleep", "select benchmark", "select load_file", "select "
    };
    private static final String[] PILED_T = {"truncate "};
    private static final String[] PILED_U = {"update "};
    private static final String[] PILED_W = {"waitfor delay", "waitfor time"};

    private static final String[] AFTER_UNION = {
        "null",
        "@@",
        "concat",
        "char(",
        "chr(",
        "load_file",
        "user(",
        "version(",
        "database(",
        "group_concat",
        "table_name",
        "column_name",
        "password",
        "username",
        "user,",
        "sleep(",
        "*",
        "'",
        "\"",
        "(",
        "0x",
    };
    private static final String[] SECRET_PATHS = {
        "etc/passwd",
        "etc/shadow",
        "etc/hosts",
        "etc/group",
        "etc/issue",
        "proc/self",
        "proc/version",
        "windows/",
        "winnt/",
        "boot.ini",
        "win.ini",
        "system32",
        ".env",
        ".ssh",
        "id_rsa",
        ".git/",
        ".htaccess",
        "web.config",
        "web-inf",
        "wp-config",
        "var/log",
        "var/www",
        "sam",
        "config.php",
        "root/.",
    };

    private final Hits hits;
    private String text = "";
    private int @Nullable [] origin;
    private boolean decoded;
    private int tagOpen = -1;

    /// No `*/` begins from here …
    private int openFrom = -1;
    /// … to here, exclusive.
    private int openTo = -2;

    private int stepsEnd;
    private int lineStart;
    private int lastQuote;
    private int quoteBefore;
    private int lastApostrophe;
    private int apostropheBefore;

    AttackScanner(Hits hits) {
        this.hits = hits;
    }

    /// Scans a text, and again with its escapes undone if it has any.
    ///
    /// @return whether it holds characters that can't be stored or should be flagged by themselves
    boolean scan(String input) {
        int seen = pass(input, null, false);
        boolean odd = (seen & ODD) != 0;
        String last = input;
        int[] map = null;
        for (int layer = 0; layer < LAYERS_MAX && (seen & ESCAPE) != 0; layer++) {
            Decoded next = Decoded.of(last, map);
            if (next == null) {
                return odd;
            }
            last = next.text();
            map = next.origin();
            seen = pass(last, map, true);
        }
        return odd;
    }

    private int pass(String input, int @Nullable [] map, boolean afterDecoding) {
        text = input;
        origin = map;
        decoded = afterDecoding;
        tagOpen = -1;
        openFrom = -1;
        openTo = -2;
        stepsEnd = 0;
        lineStart = 0;
        lastQuote = -1;
        quoteBefore = -1;
        lastApostrophe = -1;
        apostropheBefore = -1;
        int seen = 0;
        int length = input.length();
        for (int i = 0; i < length; i++) {
            char c = input.charAt(i);
            int kind = c < 128 ? CLASSES[c] : beyondAscii(c);
            seen |= kind;
            if ((kind & SIGN) != 0) {
                look(i, c);
            }
        }
        return seen;
    }

    private static byte[] classes() {
        byte[] classes = new byte[128];
        for (char c = 0; c < ' '; c++) {
            classes[c] = ODD;
        }
        classes['\t'] = 0;
        classes['\r'] = 0;
        classes['\n'] = SIGN;
        classes[0x7F] = ODD;
        for (char c : "<>=:('\";./uUcCfFwWxX".toCharArray()) {
            classes[c] = SIGN;
        }
        classes['%'] = ESCAPE;
        classes['&'] = ESCAPE;
        classes['\\'] = SIGN | ESCAPE;
        return classes;
    }

    private static int beyondAscii(char c) {
        if (c < 0x202A) {
            return c <= 0x9F ? ODD : 0;
        }
        if (c >= 0xFF01 && c <= 0xFF5E) {
            return ESCAPE;
        }
        return c <= 0x202E || Character.isSurrogate(c) || c == 0xFFFD ? ODD : 0;
    }

    private void look(int i, char c) {
        switch (c) {
            case '<' -> tag(i);
            case '>' -> tagOpen = -1;
            case '=' -> {
                eventHandler(i);
                tautology(i);
            }
            case ':' -> scheme(i);
            case '(' -> call(i);
            case '\'' -> {
                apostropheBefore = lastApostrophe;
                lastApostrophe = i;
                quote(i, c);
            }
            case '"' -> {
                quoteBefore = lastQuote;
                lastQuote = i;
                quote(i, c);
            }
            case '\n' -> lineStart = i + 1;
            case ';' -> piled(i);
            case '.' -> upwards(i);
            case '/', '\\' -> absolutePath(i);
            case 'u', 'U' -> union(i);
            case 'c', 'C' -> drive(i);
            case 'f', 'F' -> fileScheme(i);
            case 'w', 'W' -> waitFor(i);
            case 'x', 'X' -> procedure(i);
            default -> {}
        }
    }

    // ---- script ----

    private void tag(int i) {
        int at = i + 1;
        boolean closing = at(at) == '/';
        if (closing) {
            at++;
        }
        int end = at;
        while (end < at + REACH && isLetter(at(end))) {
            end++;
        }
        if (end == at) {
            return;
        }
        tagOpen = closing ? -1 : i;
        String name = lower(at, end);
        if (TAGS.contains(name) && (name.equals("script") || boundary(at(end)))) {
            hit(Kind.XSS, name.equals("script") ? 0.9 : 0.7, i, end);
        } else if (name.equals("meta") && near(end, "http-equiv")) {
            hit(Kind.XSS, 0.7, i, end);
        } else if (name.equals("link") && near(end, "import")) {
            hit(Kind.XSS, 0.6, i, end);
        }
    }

    /// ` onerror=` inside a tag, or behind a quote that would end an attribute.
    private void eventHandler(int i) {
        int end = back(i);
        int from = end;
        while (from > 0 && end - from < 24 && isLetter(text.charAt(from - 1))) {
            from--;
        }
        if (end - from < 5 || lowerAt(from) != 'o' || lowerAt(from + 1) != 'n' || from == 0) {
            return;
        }
        char before = text.charAt(from - 1);
        boolean separated = before <= ' ' || before == '/' || before == '"' || before == '\'' || before == '`';
        if (!separated || at(skip(i + 1)) == '{') {
            return; // `button.onclick = …` and JSX are code that people ask about.
        }
        if (tagOpen >= 0) {
            hit(Kind.XSS, 0.9, from, i + 1);
        } else {
            int quote = back(from);
            char ended = quote > 0 ? text.charAt(quote - 1) : ' ';
            if (ended == '"' || ended == '\'' || ended == '`' || ended == '/') {
                hit(Kind.XSS, 0.6, from, i + 1);
            }
        }
    }

    /// `javascript:` also with tabs and line ends inside, `data:text/html`.
    private void scheme(int i) {
        char last = i > 0 ? text.charAt(i - 1) : ' ';
        if (last == ' ' || (last > ' ' && "aAtT".indexOf(last) < 0)) {
            return; // No scheme that matters ends like this.
        }
        var name = new StringBuilder();
        int from = i;
        while (from > 0 && i - from < REACH && name.length() < 12) {
            char c = text.charAt(from - 1);
            if (isLetter(c)) {
                name.append((char) (c | 0x20));
            } else if (c > ' ' || c == ' ') {
                break;
            }
            from--;
        }
        if (name.length() < 4) {
            return;
        }
        String scheme = name.reverse().toString();
        if (scheme.equals("data")
                && (matches(i + 1, "text/html")
                        || matches(i + 1, "image/svg+xml")
                        || matches(i + 1, "text/xml")
                        || matches(i + 1, "application/x"))) {
            hit(Kind.XSS, 0.7, from, i + 1);
        } else if (SCHEMES.contains(scheme)) {
            char before = from > 0 ? text.charAt(from - 1) : '"';
            boolean inAttribute = before == '"' || before == '\'' || before == '=' || before == '(' || before == '`';
            if (at(i + 1) > ' ' || (inAttribute && near(i + 1, "("))) {
                hit(Kind.XSS, 0.8, from, i + 1);
            }
        }
    }

    private void call(int i) {
        int end = back(i);
        int from = end;
        while (from > 0 && end - from < 24 && isWord(text.charAt(from - 1))) {
            from--;
        }
        if (end - from < 4 || "pelbktsmn".indexOf(lowerAt(end - 1)) < 0) {
            return; // No call that matters ends like this.
        }
        String name = lower(from, end);
        if (SQL_CALLS.contains(name)) {
            hit(Kind.SQL_INJECTION, 0.7, from, i + 1);
        } else if (name.equals("sleep") && sqlBefore(from)) {
            hit(Kind.SQL_INJECTION, 0.7, from, i + 1);
        } else if (SCRIPT_CALLS.contains(name) && breaksOut(from)) {
            hit(Kind.XSS, 0.6, from, i + 1);
        } else if (name.equals("expression") && from > 0 && text.charAt(back(from) > 0 ? back(from) - 1 : 0) == ':') {
            hit(Kind.XSS, 0.6, from, i + 1);
        }
    }

    /// `';alert(`, `"-alert(`, `}alert(`: a call right behind a quote and something that ends or joins an expression.
    private boolean breaksOut(int from) {
        int at = from;
        boolean joined = false;
        while (at > 0 && from - at < 8) {
            char c = text.charAt(at - 1);
            if (c == '\'' || c == '"' || c == '`') {
                return joined;
            }
            if (";+-*/)}{]^|&,%~! ".indexOf(c) < 0) {
                return false;
            }
            joined |= c != ' ';
            at--;
        }
        return false;
    }

    private boolean sqlBefore(int from) {
        int end = back(from);
        while (end > 0 && from - end < 8 && text.charAt(end - 1) == '(') {
            end = back(end - 1);
        }
        if (end == 0) {
            return false;
        }
        char c = text.charAt(end - 1);
        if (c == '|' || c == '&' || c == '\'' || c == ',' || c == '-' || c == '+') {
            return true;
        }
        int start = end;
        while (start > 0 && end - start < 8 && isLetter(text.charAt(start - 1))) {
            start--;
        }
        return Set.of("or", "and", "xor", "select", "if", "then").contains(lower(start, end));
    }

    // ---- SQL ----

    private void quote(int i, char quote) {
        int at = skip(i + 1);
        while (at(at) == ')' && at - i < 8) {
            at = skip(at + 1);
        }
        char c = at(at);
        if (c == '-' && at(at + 1) == '-') {
            commentBehind(i, at, at + 2, quote);
        } else if (c == '#') {
            commentBehind(i, at, at + 1, quote);
        } else if (c == '/' && at(at + 1) == '*') {
            joinBehind(i, comments(at));
            if (!quotedWord(i, quote)) {
                hit(Kind.SQL_INJECTION, 0.6, i, at + 2);
            }
        } else if (c == ';' && at > i) {
            int rest = skip(at + 1);
            if (rest - i < 12 && at(rest) == '-' && at(rest + 1) == '-') {
                hit(Kind.SQL_INJECTION, 0.7, i, rest + 2);
            }
        } else {
            joinBehind(i, at);
        }
    }

    /// `admin'--`: nothing but a comment behind a quote that closes what somebody else opened.
    private void commentBehind(int i, int comment, int end, char quote) {
        if (quotedWord(i, quote)) {
            return;
        }
        boolean close = comment - i <= 2 && text.charAt(comment - 1) != ' ';
        int rest = end;
        while (rest < text.length() && rest - end < 8 && !isWord(text.charAt(rest))) {
            rest++;
        }
        boolean last = rest == text.length();
        if (last || (close && text.charAt(comment) == '-')) {
            hit(Kind.SQL_INJECTION, 0.7, i, end);
        }
    }

    /// `' or 1 = 1`, `" and sleep(5)`, `' || 'a' = 'a`.
    private void joinBehind(int i, int from) {
        if ("oOaAxXhHgGiIpP|&".indexOf(at(from)) < 0) {
            return; // Nothing that joins begins like this.
        }
        int end = from;
        while (end - from < 8 && isLetter(at(end))) {
            end++;
        }
        int at;
        if (end > from) {
            if (!SQL_JOINS.contains(lower(from, end))) {
                afterQuoteKeyword(i, from, end);
                return;
            }
            at = end;
        } else if ((at(from) == '|' && at(from + 1) == '|') || (at(from) == '&' && at(from + 1) == '&')) {
            at = from + 2;
        } else {
            return;
        }
        int operand = comments(at);
        while ((at(operand) == '(' || at(operand) == '!') && operand - at < 12) {
            operand = skip(operand + 1);
        }
        if (matches(operand, "not ")) {
            operand = skip(operand + 4);
        }
        int behind = operand(operand);
        if (behind == operand) {
            return;
        }
        int operator = comments(behind);
        while (at(operator) == ')' && operator - behind < 8) {
            operator = skip(operator + 1);
        }
        char c = at(operator);
        boolean compares = c == '=' || c == '<' || c == '>' || (c == '!' && at(operator + 1) == '=');
        boolean sql = matches(operator, "like '")
                || matches(operator, "between ")
                || matches(operator, "rlike ")
                || matches(operator, "regexp ")
                || matches(operator, "is null")
                || matches(operator, "is not null");
        boolean comment = (c == '-' && at(operator + 1) == '-') || c == '#' || (c == '/' && at(operator + 1) == '*');
        boolean calls = c == '('
                && (matches(operand, "sleep")
                        || matches(operand, "exists")
                        || matches(operand, "select")
                        || matches(operand, "substr")
                        || matches(operand, "ascii")
                        || matches(operand, "if"));
        boolean subselect = matches(operand, "select ") || matches(operand, "exists");
        if (compares || sql || comment || calls || subselect) {
            hit(Kind.SQL_INJECTION, 0.9, i, Math.min(text.length(), operator + 1));
        }
    }

    /// `' order by 3`, `' group by`, `' waitfor delay`, `' limit 1`, `' into outfile`.
    private void afterQuoteKeyword(int i, int from, int end) {
        boolean order = (matches(from, "order by ") || matches(from, "group by ")) && sqlTail(from + 9);
        boolean into =
                matches(from, "into outfile") || matches(from, "into dumpfile") || matches(from, "procedure analyse");
        if (order || into) {
            hit(Kind.SQL_INJECTION, 0.7, i, end);
        }
    }

    private boolean sqlTail(int from) {
        int at = skip(from);
        while (at - from < REACH && (isWord(at(at)) || at(at) == ',')) {
            at++;
        }
        at = skip(at);
        return Character.isDigit(at(skip(from))) || at(at) == '#' || (at(at) == '-' && at(at + 1) == '-');
    }

    /// `1=1` or `'a'='a` behind `or`, `and`, `||`.
    private void tautology(int i) {
        int end = back(i);
        int from = operandBefore(end);
        if (from == end) {
            return;
        }
        int right = skip(i + 1);
        int rightEnd = operand(right);
        if (rightEnd == right || !sameValue(from, end, right, rightEnd)) {
            return;
        }
        int before = back(from);
        while (before > 0 && from - before < 8 && text.charAt(before - 1) == '(') {
            before = back(before - 1);
        }
        int start = before;
        while (start > 0 && before - start < 8 && isLetter(text.charAt(start - 1))) {
            start--;
        }
        boolean word = start < before && SQL_JOINS.contains(lower(start, before));
        boolean sign = before > 1 && (pair(before - 2, '|') || pair(before - 2, '&'));
        boolean comment = before > 1 && text.charAt(before - 1) == '/' && text.charAt(before - 2) == '*';
        if (word || sign || comment) {
            hit(Kind.SQL_INJECTION, 0.9, start, rightEnd);
        }
    }

    private boolean pair(int at, char c) {
        return text.charAt(at) == c && text.charAt(at + 1) == c;
    }

    private boolean sameValue(int from, int end, int otherFrom, int otherEnd) {
        int a = isQuote(text.charAt(from)) ? from + 1 : from;
        int aEnd = end - a > 0 && isQuote(text.charAt(end - 1)) ? end - 1 : end;
        int b = isQuote(text.charAt(otherFrom)) ? otherFrom + 1 : otherFrom;
        int bEnd = otherEnd - b > 0 && isQuote(text.charAt(otherEnd - 1)) ? otherEnd - 1 : otherEnd;
        return aEnd - a == bEnd - b && text.regionMatches(true, a, text, b, aEnd - a);
    }

    /// `; drop table x`, on one line.
    private void piled(int i) {
        int at = i + 1;
        while (at - i < 8 && (at(at) == ' ' || at(at) == '+' || at(at) == '\t')) {
            at++;
        }
        if (!isLetter(at(at))) {
            return;
        }
        boolean quoted =
                i > 0 && (isQuote(text.charAt(i - 1)) || text.charAt(i - 1) == ')' || isDigit(text.charAt(i - 1)));
        for (String statement : piledBy(lowerAt(at))) {
            if (matches(at, statement)) {
                boolean weak = statement.equals("update ")
                        || statement.equals("select ")
                        || statement.equals("copy ")
                        || statement.startsWith("if")
                        || statement.equals("exec ")
                        || statement.equals("execute ")
                        || statement.equals("truncate ")
                        || statement.equals("shutdown");
                if (!weak) {
                    hit(Kind.SQL_INJECTION, 0.8, i, at + statement.length());
                } else if (quoted && weakIsSql(at, statement)) {
                    hit(Kind.SQL_INJECTION, 0.7, i, at + statement.length());
                }
                return;
            }
        }
    }

    private static String[] piledBy(char first) {
        return switch (first) {
            case 'a' -> PILED_A;
            case 'c' -> PILED_C;
            case 'd' -> PILED_D;
            case 'e' -> PILED_E;
            case 'g' -> PILED_G;
            case 'i' -> PILED_I;
            case 's' -> PILED_S;
            case 't' -> PILED_T;
            case 'u' -> PILED_U;
            case 'w' -> PILED_W;
            default -> NOTHING;
        };
    }

    private boolean weakIsSql(int at, String statement) {
        return switch (statement) {
            case "update " -> near(at, " set ");
            case "select " -> near(at, " from ") || near(at, "(") || near(at, "--");
            case "copy " -> near(at, " from ") || near(at, " to ");
            case "if(", "if " -> near(at, "waitfor") || near(at, "sleep");
            case "exec ", "execute " ->
                near(at, "xp_") || near(at, "sp_") || near(at, "master") || near(at, "immediate");
            default -> true;
        };
    }

    private void union(int i) {
        if ((at(i + 1) | 0x20) != 'n') {
            return;
        }
        boolean inWord = i > 0 && isWord(text.charAt(i - 1)) && !isDigit(text.charAt(i - 1));
        if (inWord || !matches(i, "union")) {
            return;
        }
        int at = comments(i + 5);
        boolean hidden = at > i + 5 && text.charAt(i + 5) == '/';
        while (at(at) == '(' && at - i < REACH) {
            at = comments(at + 1);
        }
        if (matches(at, "all")) {
            at = comments(at + 3);
        } else if (matches(at, "distinct")) {
            at = comments(at + 8);
        }
        while (at(at) == '(' && at - i < REACH) {
            at = comments(at + 1);
        }
        if (!matches(at, "select")) {
            return;
        }
        int what = comments(at + 6);
        int before = back(i);
        char c = before > 0 ? text.charAt(before - 1) : ';';
        boolean attached = isQuote(c) || number(before) || c == ')' || c == ';' || c == '/';
        if (hidden || attached || isDigit(at(what)) || startsWithAny(what, AFTER_UNION)) {
            hit(Kind.SQL_INJECTION, 0.8, i, at + 6);
        }
    }

    /// Whether a number of its own ends here, not a name such as `t1`.
    private boolean number(int end) {
        int from = end;
        while (from > 0 && end - from < REACH && isDigit(text.charAt(from - 1))) {
            from--;
        }
        return from < end && (from == 0 || !isWord(text.charAt(from - 1)));
    }

    private void waitFor(int i) {
        if ((at(i + 1) | 0x20) == 'a' && (i == 0 || !isWord(text.charAt(i - 1))) && matches(i, "waitfor")) {
            int at = comments(i + 7);
            if (matches(at, "delay") && near(at, "'")) {
                hit(Kind.SQL_INJECTION, 0.8, i, at + 5);
            }
        }
    }

    private void procedure(int i) {
        if ((at(i + 1) | 0x20) != 'p') {
            return;
        }
        if (matches(i, "xp_cmdshell") || matches(i, "xp_dirtree") || matches(i, "xp_regread")) {
            hit(Kind.SQL_INJECTION, 0.7, i, i + 10);
        }
    }

    // ---- paths ----

    /// `../`, `..\`, `..;/`, `....//`: many steps, one towards a secret, or one that was encoded.
    private void upwards(int i) {
        if (i < stepsEnd || at(i + 1) != '.' || (i > 0 && text.charAt(i - 1) == '.')) {
            return;
        }
        int at = i;
        int steps = 0;
        while (at - i < REACH) {
            int step = step(at);
            if (step == 0) {
                break;
            }
            steps++;
            at += step;
        }
        if (steps == 0) {
            return;
        }
        stepsEnd = at;
        boolean secret = secret(at);
        boolean plain = text.charAt(i + 2) == '/' || text.charAt(i + 2) == '\\';
        boolean whole = i == 0 && steps >= 2;
        if (secret || (decoded && !plainInOrigin(i)) || steps >= 3 || whole || !plain) {
            hit(Kind.PATH_TRAVERSAL, secret ? 0.9 : 0.6, i, at);
        }
    }

    /// Whether these characters stood like this in the first text.
    private boolean plainInOrigin(int i) {
        int @Nullable [] map = origin;
        return map == null || map[i + 3] - map[i] == 3;
    }

    private int step(int at) {
        int dots = at;
        while (dots - at < 4 && at(dots) == '.') {
            dots++;
        }
        if (dots - at != 2 && dots - at != 4) {
            return 0;
        }
        int end = dots;
        if (at(end) == ';') {
            end++;
        }
        int slashes = end;
        while (slashes - end < 3 && (at(slashes) == '/' || at(slashes) == '\\')) {
            slashes++;
        }
        return slashes == end ? 0 : slashes - at;
    }

    private boolean secret(int at) {
        for (String path : SECRET_PATHS) {
            if (pathMatches(at, path)) {
                return true;
            }
        }
        return false;
    }

    private boolean pathMatches(int at, String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = at(at + i);
            char plain = c == '\\' ? '/' : (char) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
            if (plain != path.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// `/etc/passwd` as a value, not as a word of a sentence; `\\host\share`; a NUL before an extension.
    private void absolutePath(int i) {
        char before = i == 0 ? '=' : text.charAt(i - 1);
        boolean value = i == 0 || before == '=' || before == '\'' || before == '"' || before == ':';
        if (value && secret(i + 1) && !matches(i + 1, "sam")) {
            hit(Kind.PATH_TRAVERSAL, 0.6, i, Math.min(text.length(), i + 12));
        }
    }

    private void drive(int i) {
        if (at(i + 1) != ':') {
            return;
        }
        char slash = at(i + 2);
        if ((i == 0 || !isWord(text.charAt(i - 1))) && (slash == '\\' || slash == '/') && secret(i + 3) && i == 0) {
            hit(Kind.PATH_TRAVERSAL, 0.6, i, i + 3);
        }
    }

    private void fileScheme(int i) {
        if ((i == 0 || !isWord(text.charAt(i - 1)))
                && matches(i, "file://")
                && (secret(i + 8) || secret(i + 7) || near(i + 7, "etc/") || near(i + 7, "windows"))) {
            hit(Kind.PATH_TRAVERSAL, 0.7, i, i + 7);
        }
    }

    // ---- reading around a place ----

    private void hit(Kind kind, double score, int from, int to) {
        hits.add(kind, score, from, Math.min(to, text.length()), origin);
    }

    /// The character there; NUL outside of the text.
    private char at(int i) {
        return i >= 0 && i < text.length() ? text.charAt(i) : 0;
    }

    private int skip(int from) {
        int at = from;
        while (at - from < REACH && at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /// Skips spaces, `+` as a space, and `/* … */`.
    private int comments(int from) {
        int at = from;
        while (at - from < REACH && at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c) || (c == '+' && isLetter(at(at + 1)))) {
                at++;
            } else if (c == '/' && at(at + 1) == '*') {
                int end = commentEnd(at + 2, Math.min(text.length(), at + REACH));
                if (end < 0) {
                    return at;
                }
                at = end + 2;
            } else {
                return at;
            }
        }
        return at;
    }

    /// Where `*/` begins, from `from` on, ending before `end`; negative if nowhere. What was looked through is not
    /// looked through again: comments that never close would cost [#REACH] each.
    private int commentEnd(int from, int end) {
        boolean known = from >= openFrom && from <= openTo;
        int start = known ? openTo : from;
        int found = start < end ? text.indexOf("*/", start, end) : -1;
        openFrom = known ? openFrom : from;
        openTo = found >= 0 ? found : Math.max(start, end - 1);
        return found;
    }

    private int back(int end) {
        int at = end;
        while (at > 0 && end - at < REACH && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /// Where the value that begins here ends: quoted, or a word; `from` if there is none.
    private int operand(int from) {
        char c = at(from);
        int at = from;
        if (isQuote(c)) {
            at++;
            while (at - from < REACH && at < text.length() && text.charAt(at) != c) {
                if (text.charAt(at) == '\n') {
                    break;
                }
                at++;
            }
            return at(at) == c ? at + 1 : at;
        }
        while (at - from < REACH
                && (isWord(at(at)) || at(at) == '.' || at(at) == '@' || (at == from && at(at) == '-'))) {
            at++;
        }
        return at;
    }

    private int operandBefore(int end) {
        if (end == 0) {
            return end;
        }
        char c = text.charAt(end - 1);
        if (isQuote(c)) {
            int open = opening(end - 1, c);
            return open >= lineStart && end - open <= REACH ? open : end;
        }
        int from = end;
        while (from > 0 && end - from < REACH && isWord(text.charAt(from - 1))) {
            from--;
        }
        return from;
    }

    /// Whether the quote at `i` closes a word that the same quote opened.
    private boolean quotedWord(int i, char quote) {
        int open = opening(i, quote);
        return open >= lineStart && i - open <= REACH;
    }

    /// The quote of the same kind before the one at `i`, which is the last or the last but one that was seen.
    private int opening(int i, char quote) {
        if (quote == '"') {
            return lastQuote < i ? lastQuote : quoteBefore;
        }
        return lastApostrophe < i ? lastApostrophe : apostropheBefore;
    }

    private boolean near(int from, String word) {
        int end = Math.min(text.length() - word.length(), from + REACH);
        for (int at = from; at <= end; at++) {
            if (text.regionMatches(true, at, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(int at, String word) {
        return text.regionMatches(true, at, word, 0, word.length());
    }

    private boolean startsWithAny(int at, String[] words) {
        for (String word : words) {
            if (matches(at, word)) {
                return true;
            }
        }
        return false;
    }

    private String lower(int from, int to) {
        char[] chars = new char[to - from];
        for (int i = from; i < to; i++) {
            chars[i - from] = lowerAt(i);
        }
        return new String(chars);
    }

    private char lowerAt(int i) {
        char c = text.charAt(i);
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }

    private static boolean boundary(char c) {
        return c <= ' ' || c == '>' || c == '/';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0;
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }
}
