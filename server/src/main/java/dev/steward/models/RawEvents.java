package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A streamed answer of one backend in the OpenAI-compatible API's own bytes: hands out as many whole events at once as
/// have come, without parsing them. One look at each byte finds what must be known: whether there is a token, a finish,
/// an error, usage, a cut document; and it keeps the text, so that another backend can go on. Used by one thread.
final class RawEvents {

    /// So much of the first event is kept: its id and model stay those of the whole answer.
    private static final int FIRST_EVENT_MAX = 4 * 1024;

    private static final int BUFFER_FIRST = 16 * 1024;
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final byte[] DATA = bytes("data:");
    private static final byte[] DONE = bytes("[DONE]");
    private static final byte[] END = bytes("data: [DONE]\n\n");
    private static final byte[] CONTENT = bytes("content");
    private static final byte[] ERROR = bytes("error");
    private static final byte[] FINISH_REASON = bytes("finish_reason");
    private static final byte[] TOOL_CALLS = bytes("tool_calls");
    private static final byte[] FUNCTION_CALL = bytes("function_call");
    private static final byte[] REASONING = bytes("reasoning");
    private static final byte[] REASONING_CONTENT = bytes("reasoning_content");
    private static final byte[] REFUSAL = bytes("refusal");
    private static final byte[] USAGE = bytes("usage");
    private static final byte[] INDEX = bytes("index");

    private final LiveCall call;
    private final InputStream in;
    private final ChatLimits limits;

    private byte[] buffer = new byte[BUFFER_FIRST];
    private int given;
    private int eventFrom;
    private int lineFrom;
    private int scanned;
    private int filled;
    private int pieceFrom;
    private int pieceTo;

    private long total;
    private boolean token;
    private boolean finished;
    private boolean done;
    private boolean over;
    private boolean doneSeen;
    private boolean handedOut;
    private boolean eventHasData;
    private boolean eventIsComment;
    private boolean toolCalls;
    private boolean severalChoices;
    private byte[] said = new byte[256];
    private int saidLength;
    private int saidWhole;
    private byte @Nullable [] firstEvent;
    private @Nullable Usage usage;
    private @Nullable BackendFault pending;

    RawEvents(LiveCall call, InputStream in, ChatLimits limits) {
        this.call = requireNonNull(call, "call");
        this.in = requireNonNull(in, "in");
        this.limits = requireNonNull(limits, "limits");
    }

    /// Waits for the next piece; `false` at the end of a whole answer.
    boolean next() throws BackendFault, InterruptedException {
        given = pieceTo;
        if (pending != null) {
            throw pending;
        }
        try {
            while (!over) {
                scan();
                if (eventFrom > given && (token || done)) {
                    return piece();
                }
                if (pending != null) {
                    throw pending;
                }
                if (done) {
                    break;
                }
                fill();
            }
            return false;
        } catch (IOException e) {
            if (finished) {
                // The answer is whole; only the connection is not to be kept.
                return end();
            }
            throw call.failed(e);
        }
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return pieceFrom;
    }

    int length() {
        return pieceTo - pieceFrom;
    }

    Optional<Usage> usage() {
        return Optional.ofNullable(usage);
    }

    /// Whether text, or a tool call, was handed out.
    boolean visible() {
        return handedOut && token;
    }

    /// Whether another backend can go on from [#said]: not after a tool call, and not with several choices at once.
    boolean continuable() {
        return !toolCalls && !severalChoices;
    }

    /// The text of the answer so far, of whole events only.
    String said() {
        String quoted = '"' + new String(said, 0, saidWhole, StandardCharsets.UTF_8) + '"';
        try {
            return JSON.readTree(quoted).asString("");
        } catch (JacksonException _) {
            return "";
        }
    }

    /// The first event that carried data, as far as it was kept.
    byte @Nullable [] firstEvent() {
        return firstEvent;
    }

    private boolean piece() {
        pieceFrom = given;
        pieceTo = eventFrom;
        handedOut = true;
        return true;
    }

    /// Ends a stream whose last mark is missing although the answer is whole.
    private boolean end() {
        over = true;
        if (done) {
            return false;
        }
        done = true;
        int held = eventFrom - given;
        byte[] last = Arrays.copyOf(Arrays.copyOfRange(buffer, given, eventFrom), held + END.length);
        System.arraycopy(END, 0, last, held, END.length);
        buffer = last;
        pieceFrom = 0;
        pieceTo = last.length;
        eventFrom = last.length;
        return true;
    }

    /// Reads more, making room first.
    private void fill() throws IOException, BackendFault {
        if (filled == buffer.length) {
            if (given > 0) {
                shift();
            } else if (filled - eventFrom > limits.eventBytesMax()) {
                throw call.tooLong();
            } else {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            if (!finished) {
                throw call.cutShort(null);
            }
            throw new IOException("ended without the last mark");
        }
        total += read;
        if (total > limits.answerCharsMax() * 16L || saidLength > limits.answerCharsMax()) {
            throw call.tooLong();
        }
        filled += read;
    }

    private void shift() {
        System.arraycopy(buffer, given, buffer, 0, filled - given);
        filled -= given;
        eventFrom -= given;
        lineFrom -= given;
        scanned -= given;
        given = 0;
        pieceFrom = 0;
        pieceTo = 0;
    }

    /// Looks at every whole line that has come, until there is something wrong or the end.
    private void scan() {
        while (!done && pending == null) {
            int lineEnd = lineEnd();
            if (lineEnd < 0) {
                return;
            }
            int to = lineEnd > lineFrom && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
            if (to == lineFrom) {
                lineFrom = lineEnd + 1;
                endEvent();
            } else {
                try {
                    line(lineFrom, to);
                } catch (BackendFault fault) {
                    pending = fault;
                }
                lineFrom = lineEnd + 1;
            }
        }
    }

    private int lineEnd() {
        for (int i = scanned; i < filled; i++) {
            if (buffer[i] == '\n') {
                scanned = i + 1;
                return i;
            }
        }
        scanned = filled;
        return -1;
    }

    private void endEvent() {
        if (eventIsComment && !eventHasData) {
            // Signs of life are for us alone; the caller sends its own.
            int length = lineFrom - eventFrom;
            System.arraycopy(buffer, lineFrom, buffer, eventFrom, filled - lineFrom);
            filled -= length;
            scanned -= length;
            lineFrom -= length;
        } else {
            eventFrom = lineFrom;
            saidWhole = saidLength;
        }
        eventIsComment = false;
        eventHasData = false;
        if (doneSeen) {
            done = true;
        }
    }

    /// Reads one line of the event stream (WHATWG HTML, section 9.2.6).
    private void line(int from, int to) throws BackendFault {
        if (buffer[from] == ':') {
            eventIsComment = true;
            if (Events.reading(buffer, from, to).isPresent()) {
                call.reading();
            }
            return;
        }
        if (!Events.startsWith(buffer, from, to, DATA)) {
            if (Events.isField(buffer, from, to)) {
                return;
            }
            throw call.protocol("sent something that is not an event stream");
        }
        eventHasData = true;
        int at = from + DATA.length;
        if (at < to && buffer[at] == ' ') {
            at++;
        }
        if (Arrays.equals(buffer, at, to, DONE, 0, DONE.length)) {
            doneSeen = true;
            finished = true;
            return;
        }
        if (firstEvent == null && to - at <= FIRST_EVENT_MAX) {
            firstEvent = Arrays.copyOfRange(buffer, at, to);
        }
        document(at, to);
    }

    /// Looks through one JSON document. A name inside a text can't be taken for a name: its quotation marks are
    /// escaped.
    private void document(int from, int to) throws BackendFault {
        int depth = 0;
        int i = from;
        while (i < to) {
            switch (buffer[i]) {
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0 && i + 1 < to) {
                        throw call.protocol(BackendFault.reason(Saying.BACKEND_NOT_JSON));
                    }
                }
                case '"' -> {
                    int end = textEnd(i + 1, to);
                    i = end + 1 < to && buffer[end + 1] == ':' ? member(i + 1, end, to, from) - 1 : end;
                }
                default -> {
                    // Numbers, words, commas and blanks are the backend's business.
                }
            }
            i++;
            if (depth <= 0) {
                break;
            }
        }
        if (depth != 0 || buffer[from] != '{') {
            throw call.protocol(BackendFault.reason(Saying.BACKEND_NOT_JSON));
        }
    }

    private int textEnd(int from, int to) throws BackendFault {
        for (int i = from; i < to; i++) {
            byte b = buffer[i];
            if (b == '"') {
                return i;
            }
            if (b == '\\') {
                i++;
            }
        }
        throw call.protocol(BackendFault.reason(Saying.BACKEND_NOT_JSON));
    }

    /// Looks at the member whose name stands from `from` to `nameEnd`; returns where to go on looking.
    private int member(int from, int nameEnd, int to, int document) throws BackendFault {
        int value = nameEnd + 2;
        while (value < to && buffer[value] == ' ') {
            value++;
        }
        if (value >= to) {
            return value;
        }
        byte first = buffer[value];
        switch (buffer[from]) {
            case 'c' -> {
                if (first == '"' && is(from, nameEnd, CONTENT)) {
                    int end = textEnd(value + 1, to);
                    say(value + 1, end);
                    return end + 1;
                }
            }
            case 'e' -> {
                if (first != 'n' && is(from, nameEnd, ERROR)) {
                    checkError(document, to);
                }
            }
            case 'f' -> {
                if (first == '"' && is(from, nameEnd, FINISH_REASON)) {
                    finished = true;
                } else if (first == '{' && is(from, nameEnd, FUNCTION_CALL)) {
                    toolCalls = true;
                    tokenCame();
                }
            }
            case 'i' -> {
                if (first >= '1' && first <= '9' && is(from, nameEnd, INDEX)) {
                    severalChoices = true;
                }
            }
            case 'r' -> {
                boolean thought = is(from, nameEnd, REASONING_CONTENT)
                        || is(from, nameEnd, REASONING)
                        || is(from, nameEnd, REFUSAL);
                if (first == '"' && thought && value + 1 < to && buffer[value + 1] != '"') {
                    tokenCame();
                }
            }
            case 't' -> {
                if (first == '[' && is(from, nameEnd, TOOL_CALLS)) {
                    toolCalls = true;
                    tokenCame();
                }
            }
            case 'u' -> {
                if (first == '{' && is(from, nameEnd, USAGE)) {
                    readUsage(document, to);
                }
            }
            default -> {
                // A member that does not matter here.
            }
        }
        return value;
    }

    private boolean is(int from, int to, byte[] name) {
        return Arrays.equals(buffer, from, to, name, 0, name.length);
    }

    private void tokenCame() {
        token = true;
        call.token();
    }

    private void say(int from, int to) {
        int length = to - from;
        if (length == 0) {
            return;
        }
        tokenCame();
        if (saidLength + length > said.length) {
            said = Arrays.copyOf(said, Math.max(said.length * 2, saidLength + length));
        }
        System.arraycopy(buffer, from, said, saidLength, length);
        saidLength += length;
    }

    private void checkError(int from, int to) throws BackendFault {
        JsonNode document = parse(from, to);
        if (document.hasNonNull("error")) {
            throw call.errorInside(ErrorBody.message(document.path("error")));
        }
    }

    private void readUsage(int from, int to) throws BackendFault {
        usage = RawPlain.usage(parse(from, to).path("usage")).orElse(usage);
    }

    private JsonNode parse(int from, int to) throws BackendFault {
        try {
            return JSON.readTree(buffer, from, to - from);
        } catch (JacksonException _) {
            throw call.protocol(BackendFault.reason(Saying.BACKEND_NOT_JSON));
        }
    }

    /// After the end: waits a moment for the end of the body, so that the connection can be kept.
    void drain(Duration most) {
        call.ending(most);
        try {
            byte[] rest = new byte[256];
            int left = 16;
            while (in.read(rest) >= 0 && left > 0) {
                left--;
            }
        } catch (IOException _) {
            // Not to be kept, then.
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
