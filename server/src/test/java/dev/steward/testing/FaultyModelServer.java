package dev.steward.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model server on a free loopback port that speaks Ollama's own API and the OpenAI-compatible one, on raw
/// sockets, so that it can break the rules in every way of [ModelFault].
///
/// A healthy answer is [#answerText]. When a request brings the beginning of that text as its last assistant
/// message, the answer is the rest, as a real model goes on. Safe for use by many threads.
public final class FaultyModelServer implements AutoCloseable {

    public static final String MODEL = "mock-model";

    /// The model that makes vectors; listed only once [#embedder] was called, or with the key `embedder`.
    public static final String EMBEDDER = "mock-embed";

    /// Tokens of a gigantic token, in characters: above any limit under test.
    private static final int GIGANTIC = 4 << 20;

    /// How Steward's instruction to go on with a begun answer begins.
    private static final String GO_ON = "Your last message was cut off.";

    /// So many bodies are kept for a test to look at.
    private static final int BODIES_MAX = 1_000;

    private static final List<String> WORDS =
            List.of(" Paris", " is", " the", " capital", " of", " Frànce", " and", " höme");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Deque<ModelFault> script = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> heads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger inFlightMax = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    private volatile ServerSocket listener;
    private volatile Thread acceptor = Thread.currentThread();
    private final int port;
    private volatile boolean closed;
    private volatile ModelFault fault = ModelFault.NONE;
    private volatile int chunks = 8;
    private volatile @Nullable String longWords;
    private volatile int longChunks;
    private volatile int overlap;
    private volatile Duration latency = Duration.ZERO;
    private volatile Duration firstToken = Duration.ZERO;
    private volatile Duration chunkInterval = Duration.ZERO;
    private volatile int readingSteps;
    private volatile Duration dripInterval = Duration.ofSeconds(1);
    private volatile double failRate;
    private volatile int failStatus = 503;
    private volatile String failMode = "status";
    private volatile @Nullable String text;
    private volatile boolean embedder;
    private volatile int contextTokens = 8_192;
    private volatile String refusal = "I do not like this request";
    private volatile boolean vectorsAsNumbers;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private FaultyModelServer(int port) throws IOException {
        listener = listen(port);
        this.port = listener.getLocalPort();
    }

    /// Starts a healthy server on a free port.
    public static FaultyModelServer start() throws IOException {
        return start(0);
    }

    /// Starts a healthy server on `port`, or on a free one for 0.
    public static FaultyModelServer start(int port) throws IOException {
        var server = new FaultyModelServer(port);
        server.accept(server.listener);
        return server;
    }

    /// Runs a server as a process: `[--port N] [key=value …]`, keys as in `POST /mock/config`. Prints its port.
    public static void main(String[] args) throws Exception {
        int port = 0;
        for (int i = 0; i < args.length - 1; i++) {
            if (args[i].equals("--port")) {
                port = Integer.parseInt(args[i + 1]);
            }
        }
        FaultyModelServer server = start(port);
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals > 0) {
                server.configure(arg.substring(0, equals), arg.substring(equals + 1));
            }
        }
        System.out.println(server.port());
        System.out.flush();
        new CountDownLatch(1).await();
    }

    public int port() {
        return port;
    }

    /// The server's root, for a backend of the kind `ollama`.
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// The address that OpenAI's clients call the base URL.
    public String openAiUrl() {
        return url() + "/v1";
    }

    /// How every chat call fails from now on.
    public FaultyModelServer fault(ModelFault next) {
        fault = next;
        try {
            if (next == ModelFault.REFUSE_CONNECTIONS) {
                listener.close();
                acceptor.join();
                sockets.forEach(FaultyModelServer::closeQuietly);
            } else if (listener.isClosed() && !closed) {
                listener = listen(port);
                accept(listener);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    /// How the next chat calls fail, one after the other; after them the standing fault counts again.
    public FaultyModelServer faults(ModelFault... next) {
        synchronized (script) {
            script.addAll(Arrays.asList(next));
        }
        return this;
    }

    /// How many tokens an answer has.
    public FaultyModelServer chunks(int count) {
        chunks = count;
        return this;
    }

    /// How many tokens the answer to a question with these words has.
    public FaultyModelServer chunksOf(String words, int count) {
        longWords = words;
        longChunks = count;
        return this;
    }

    /// What to answer instead of the standing text; given in pieces of four characters.
    public FaultyModelServer text(String answer) {
        text = answer;
        return this;
    }

    /// How many characters a continued answer repeats of what was said, as some models do.
    public FaultyModelServer overlap(int characters) {
        overlap = characters;
        return this;
    }

    /// The pause before a plain answer.
    public FaultyModelServer latency(Duration pause) {
        latency = pause;
        return this;
    }

    /// The pause before the first token of a stream.
    public FaultyModelServer firstToken(Duration pause) {
        firstToken = pause;
        return this;
    }

    /// Before the first token of an OpenAI-compatible stream it tells so many times that it reads the prompt, each time
    /// after the pause of [#firstToken].
    public FaultyModelServer readingSteps(int steps) {
        readingSteps = steps;
        return this;
    }

    /// The pause between tokens.
    public FaultyModelServer chunkInterval(Duration pause) {
        chunkInterval = pause;
        return this;
    }

    /// The pause after each byte of a slow drip; a second unless set.
    public FaultyModelServer dripInterval(Duration pause) {
        dripInterval = pause;
        return this;
    }

    /// How much its models say they take in at once.
    public FaultyModelServer contextTokens(int tokens) {
        contextTokens = tokens;
        return this;
    }

    /// What it says with status 400.
    public FaultyModelServer refusal(String message) {
        refusal = message;
        return this;
    }

    /// From now on it lists a model that makes vectors, too.
    public FaultyModelServer embedder() {
        embedder = true;
        return this;
    }

    /// From now on vectors are numbers, whatever form is asked for, as some servers do.
    public FaultyModelServer vectorsAsNumbers(boolean always) {
        vectorsAsNumbers = always;
        return this;
    }

    /// The vector of a text: half its length, a third of it, and 1; of a dimension less or more if asked for.
    public static List<Float> vector(String input, int dimensions) {
        List<Float> vector = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            vector.add(i == 0 ? input.length() / 2f : i == 1 ? input.length() / 3f : 1f);
        }
        return vector;
    }

    /// Makes chat calls wait, once read, until the returned latch is counted down.
    public CountDownLatch hold() {
        gate = new CountDownLatch(1);
        return gate;
    }

    /// Chat calls that were read.
    public int requests() {
        return requests.get();
    }

    /// Questions for models, versions and the like.
    public int looks() {
        return looks.get();
    }

    public int inFlight() {
        return inFlight.get();
    }

    public int inFlightMax() {
        return inFlightMax.get();
    }

    /// Chat calls whose caller went away before the answer was whole.
    public int cancelled() {
        return cancelled.get();
    }

    /// Connections that were accepted.
    public int connections() {
        return connections.get();
    }

    /// Connections that are open now.
    public int openConnections() {
        return sockets.size();
    }

    /// The bodies of the chat calls, oldest first.
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    /// The heads of the chat calls, request line and headers, oldest first.
    public List<String> heads() {
        return List.copyOf(heads);
    }

    /// What a whole, healthy answer says.
    public String answerText() {
        return firstPieces(pieceCount());
    }

    /// The same, to a question with the words of [#chunksOf].
    public String longAnswerText() {
        return firstPieces(longChunks);
    }

    private String firstPieces(int count) {
        var whole = new StringBuilder();
        for (int i = 0; i < count; i++) {
            whole.append(piece(i));
        }
        return whole.toString();
    }

    /// Zeroes the counters.
    public void reset() {
        for (AtomicInteger counter : List.of(requests, streams, failed, looks, inFlightMax, cancelled, connections)) {
            counter.set(0);
        }
        bodies.clear();
        heads.clear();
    }

    @Override
    public void close() {
        closed = true;
        gate.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(FaultyModelServer::closeQuietly);
    }

    /// Sets one key of `POST /mock/config`.
    void configure(String key, String value) {
        switch (key) {
            case "latency_ms" -> latency = millis(value);
            case "ttft_ms" -> firstToken = millis(value);
            case "chunk_interval_ms" -> chunkInterval = millis(value);
            case "drip_interval_ms" -> dripInterval = millis(value);
            case "chunks" -> chunks = Integer.parseInt(value);
            case "embedder" -> embedder = Boolean.parseBoolean(value);
            case "overlap" -> overlap = Integer.parseInt(value);
            case "fail_rate" -> failRate = Double.parseDouble(value);
            case "fail_status" -> failStatus = Integer.parseInt(value);
            case "fail_mode" -> {
                if (!Set.of("status", "reset", "truncate").contains(value)) {
                    throw new IllegalArgumentException("fail_mode is status, reset or truncate");
                }
                failMode = value;
            }
            case "fault" -> fault(ModelFault.valueOf(value.toUpperCase(Locale.ROOT)));
            case "faults" ->
                faults(Arrays.stream(value.split(",", -1))
                        .map(name -> ModelFault.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toArray(ModelFault[]::new));
            default -> throw new IllegalArgumentException("unknown key " + key);
        }
    }

    private static Duration millis(String value) {
        return Duration.ofNanos((long) (Double.parseDouble(value) * 1_000_000));
    }

    private ServerSocket listen(int wanted) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(loopback, wanted), 1024);
        return socket;
    }

    private void accept(ServerSocket from) {
        acceptor = Thread.ofVirtual().name("faulty-model-" + port).start(() -> {
            while (!from.isClosed()) {
                try {
                    Socket socket = from.accept();
                    connections.incrementAndGet();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException _) {
                    // Closed, or the caller is gone already: the loop's condition tells.
                }
            }
        });
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var exchange = new Exchange(socket);
            while (exchange.one()) {
                // The next request on the same connection.
            }
        } catch (IOException _) {
            // The caller went away; counted where it matters.
        } finally {
            sockets.remove(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is on its way out.
        }
    }

    private ModelFault nextFault() {
        synchronized (script) {
            ModelFault next = script.poll();
            if (next != null) {
                return next;
            }
        }
        if (failRate > 0 && ThreadLocalRandom.current().nextDouble() < failRate) {
            return switch (failMode) {
                case "reset" -> ModelFault.RESET;
                case "truncate" -> ModelFault.HALF_STREAM;
                default -> ModelFault.STATUS_503;
            };
        }
        return fault;
    }

    private int pieceCount() {
        String own = text;
        return own == null ? chunks : (own.length() + 3) / 4;
    }

    private String piece(int index) {
        String own = text;
        if (own != null) {
            return own.substring(index * 4, Math.min(own.length(), index * 4 + 4));
        }
        String word = WORDS.get(index % WORDS.size());
        return index < WORDS.size() ? word : word + index / WORDS.size();
    }

    /// Gives one answer; `false` ends the connection.
    private interface Answering {
        boolean give() throws IOException, InterruptedException;
    }

    /// One connection: requests one after the other.
    private final class Exchange {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private ModelFault current = ModelFault.NONE;
        private boolean answeredKeptAlive;

        Exchange(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = new BufferedOutputStream(socket.getOutputStream());
        }

        /// Reads and answers one request; `false` ends the connection.
        boolean one() throws IOException {
            socket.setSoTimeout(0);
            if (answeredKeptAlive && fault == ModelFault.KEEP_ALIVE_CLOSED) {
                in.mark(1);
                if (in.read() >= 0) {
                    socket.setSoLinger(true, 0);
                }
                return false;
            }
            String head = head();
            if (head.isEmpty()) {
                return false;
            }
            byte[] body = in.readNBytes(length(head));
            String[] line = head.substring(0, head.indexOf('\r')).split(" ", 3);
            String target = line[1];
            String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
            return switch (path) {
                case "/v1/chat/completions" -> chat(head, body, false);
                case "/api/chat" -> chat(head, body, true);
                case "/v1/embeddings" -> embed(head, body, false);
                case "/api/embed" -> embed(head, body, true);
                case "/mock/config" -> config(target);
                case "/mock/stats" -> json(200, stats());
                case "/mock/reset" -> {
                    reset();
                    yield json(200, "{}");
                }
                case "/health", "/healthz", "/" -> json(200, "\"ok\"");
                default -> look(path, body);
            };
        }

        private boolean look(String path, byte[] body) throws IOException {
            looks.incrementAndGet();
            return switch (path) {
                case "/v1/models" ->
                    json(
                            200,
                            "{\"object\":\"list\",\"data\":[" + openAiModel(MODEL)
                                    + (embedder ? "," + openAiModel(EMBEDDER) : "") + "]}");
                case "/api/version" -> json(200, "{\"version\":\"0.17.4\"}");
                case "/api/tags" ->
                    json(
                            200,
                            "{\"models\":[" + ollamaModel(MODEL) + (embedder ? "," + ollamaModel(EMBEDDER) : "")
                                    + "]}");
                case "/api/show" ->
                    json(
                            200,
                            "{\"details\":{\"family\":\"mock\"},\"model_info\":{\"general.architecture\":\"mock\","
                                    + "\"mock.context_length\":" + contextTokens + "},\"capabilities\":"
                                    + (new String(body, StandardCharsets.UTF_8).contains(EMBEDDER)
                                            ? "[\"embedding\"]}"
                                            : "[\"completion\",\"tools\"]}"));
                default -> json(404, "{\"error\":\"not found\"}");
            };
        }

        private static String openAiModel(String name) {
            return "{\"id\":\"" + name + "\",\"object\":\"model\",\"created\":1767225600,\"owned_by\":\"mock\"}";
        }

        private static String ollamaModel(String name) {
            return "{\"name\":\"" + name + ":latest\",\"model\":\"" + name + ":latest\",\"digest\":\"sha-" + name
                    + "\",\"size\":1,\"details\":{\"family\":\"mock\"}}";
        }

        private boolean config(String target) throws IOException {
            try {
                for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals > 0) {
                        configure(pair.substring(0, equals), pair.substring(equals + 1));
                    }
                }
            } catch (IllegalArgumentException e) {
                return json(
                        400, "{\"error\":\"" + String.valueOf(e.getMessage()).replace('"', '\'') + "\"}");
            }
            return json(200, "{}");
        }

        private String stats() {
            return "{\"requests\":" + requests + ",\"stream\":" + streams + ",\"failed\":" + failed + ",\"cancelled\":"
                    + cancelled + ",\"connections\":" + connections + ",\"in_flight\":" + inFlight
                    + ",\"max_in_flight\":" + inFlightMax + "}";
        }

        private boolean chat(String head, byte[] body, boolean ollama) throws IOException {
            return counted(head, body, () -> {
                JsonNode request = JSON.readTree(body);
                boolean stream = request.path("stream").asBoolean(ollama);
                if (stream) {
                    streams.incrementAndGet();
                }
                gate.await();
                pause(stream ? firstToken : latency);
                return new ChatAnswer(this, request, ollama, stream).give();
            });
        }

        private boolean embed(String head, byte[] body, boolean ollama) throws IOException {
            return counted(head, body, () -> {
                JsonNode request = JSON.readTree(body);
                gate.await();
                pause(latency);
                boolean numbers = request.path("input").path(0).isNumber();
                List<JsonNode> inputs = request.path("input").isString() || numbers
                        ? List.of(request.path("input"))
                        : request.path("input").valueStream().toList();
                if (current == ModelFault.NONE) {
                    return json(200, ollama ? ollamaVectors(request, inputs) : openAiVectors(request, inputs));
                }
                return new ChatAnswer(this, request, ollama, false).give();
            });
        }

        private String ollamaVectors(JsonNode request, List<JsonNode> inputs) {
            return "{\"model\":\"" + EMBEDDER + "\",\"embeddings\":"
                    + inputs.stream()
                            .map(input -> vector(input, request).toString())
                            .toList()
                    + ",\"total_duration\":1,\"load_duration\":1,\"prompt_eval_count\":" + 3 * inputs.size() + "}";
        }

        private String openAiVectors(JsonNode request, List<JsonNode> inputs) {
            boolean base64 = request.path("encoding_format").asString("").equals("base64") && !vectorsAsNumbers;
            var data = new StringBuilder();
            for (int i = 0; i < inputs.size(); i++) {
                List<Float> vector = vector(inputs.get(i), request);
                data.append(i == 0 ? "" : ",")
                        .append("{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":")
                        .append(base64 ? '"' + base64(vector) + '"' : vector.toString())
                        .append('}');
            }
            return "{\"object\":\"list\",\"data\":[" + data + "],\"model\":\"" + EMBEDDER
                    + "\",\"usage\":{\"prompt_tokens\":" + 3 * inputs.size() + ",\"total_tokens\":"
                    + 3 * inputs.size() + "}}";
        }

        private static List<Float> vector(JsonNode input, JsonNode request) {
            return FaultyModelServer.vector(
                    input.asString(input.toString()), request.path("dimensions").asInt(3));
        }

        private static String base64(List<Float> vector) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
            vector.forEach(bytes::putFloat);
            return Base64.getEncoder().encodeToString(bytes.array());
        }

        /// Gives one answer, and counts the call for as long as that takes.
        private boolean counted(String head, byte[] body, Answering answering) throws IOException {
            if (requests.incrementAndGet() <= BODIES_MAX) {
                bodies.add(new String(body, StandardCharsets.UTF_8));
                heads.add(head);
            }
            inFlightMax.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            current = nextFault();
            if (current != ModelFault.NONE) {
                failed.incrementAndGet();
            }
            try {
                answeredKeptAlive = answering.give();
                return answeredKeptAlive;
            } catch (EOFException e) {
                cancelled.incrementAndGet();
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                inFlight.decrementAndGet();
            }
        }

        /// Waits; ends at once when the caller goes away.
        void pause(Duration time) throws IOException {
            if (time.isZero()) {
                return;
            }
            socket.setSoTimeout(Math.max(1, (int) time.toMillis()));
            try {
                in.mark(1);
                if (in.read() < 0) {
                    throw new EOFException("the caller went away");
                }
                in.reset();
            } catch (SocketTimeoutException _) {
                return;
            } catch (EOFException e) {
                throw e;
            } catch (IOException e) {
                throw gone(e);
            }
        }

        void send(byte[] bytes) throws IOException {
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                throw gone(e);
            }
        }

        private EOFException gone(IOException cause) {
            var gone = new EOFException("the caller went away");
            gone.initCause(cause);
            return gone;
        }

        boolean json(int status, String body) throws IOException {
            return whole(status, "application/json", "", body.getBytes(StandardCharsets.UTF_8));
        }

        boolean whole(int status, String type, String headers, byte[] body) throws IOException {
            send(ascii("HTTP/1.1 " + status + " Status\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                    + "\r\n" + headers + "\r\n"));
            send(body);
            return true;
        }

        /// Ends the connection with a reset.
        boolean resetConnection() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
            return false;
        }

        private String head() throws IOException {
            var bytes = new ByteArrayOutputStream();
            int ending = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                bytes.write(b);
                ending = b == '\n' ? ending + 1 : b == '\r' ? ending : 0;
                if (ending == 2) {
                    return bytes.toString(StandardCharsets.ISO_8859_1);
                }
            }
            return "";
        }

        private static int length(String head) {
            for (String line : head.split("\r\n", -1)) {
                if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                    return Integer.parseInt(line.substring(15).strip());
                }
            }
            return 0;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// One answer to a chat call, good or bad.
    private final class ChatAnswer {

        private final Exchange exchange;
        private final JsonNode request;
        private final boolean ollama;
        private final boolean stream;
        private final ModelFault how;
        private final int pieces;
        private final String said;
        private final String path;

        ChatAnswer(Exchange exchange, JsonNode request, boolean ollama, boolean stream) {
            this.exchange = exchange;
            this.request = request;
            this.ollama = ollama;
            this.stream = stream;
            this.how = exchange.current;
            String marked = longWords;
            this.pieces =
                    marked != null && request.path("messages").toString().contains(marked) ? longChunks : pieceCount();
            this.said = said(request);
            this.path = ollama ? "application/x-ndjson" : "text/event-stream";
        }

        /// The beginning of an answer that the request wants gone on with: what the assistant said last, if nothing but
        /// the instruction to go on follows. An earlier answer that a new question follows is none.
        private String said(JsonNode request) {
            String last = "";
            for (JsonNode message : request.path("messages")) {
                String content = message.path("content").asString("");
                boolean asked = message.path("role").asString("").equals("user") && !content.startsWith(GO_ON);
                if (message.path("role").asString("").equals("assistant")) {
                    last = content;
                } else if (asked) {
                    last = "";
                }
            }
            return !last.isEmpty() && firstPieces(pieces).startsWith(last) ? last : "";
        }

        boolean give() throws IOException {
            return switch (how) {
                case NONE, KEEP_ALIVE_CLOSED, USAGE_MISSING, DONE_MISSING, DUPLICATE_CHUNKS -> good();
                case STREAM_OPTIONS_REFUSED ->
                    request.has("stream_options")
                            ? refuse(400, "Unrecognized request argument supplied: stream_options", "")
                            : good();
                case MODEL_ABSENT ->
                    ollama
                            ? exchange.json(404, "{\"error\":\"model 'mock-model' not found\"}")
                            : exchange.json(
                                    404,
                                    "{\"error\":{\"message\":\"The model `mock-model` does not exist\",\"type\":"
                                            + "\"invalid_request_error\",\"param\":null,\"code\":\"model_not_found\"}}");
                case HANG_BEFORE_HEADERS -> hang();
                case HANG_BEFORE_FIRST_TOKEN -> {
                    head();
                    if (stream && !ollama) {
                        chunk(roleEvent());
                    }
                    yield hang();
                }
                case HANG_BETWEEN_TOKENS -> {
                    half();
                    yield hang();
                }
                case SLOW_DRIP -> drip(false);
                case SLOW_DRIP_OF_HEADERS -> drip(true);
                case RATE_LIMITED -> refuse(429, "slow down", "");
                case RATE_LIMITED_SECONDS -> refuse(429, "slow down", "Retry-After: 1\r\n");
                case RATE_LIMITED_DATE ->
                    refuse(
                            429,
                            "slow down",
                            "Retry-After: "
                                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2))
                                    + "\r\n");
                case RATE_LIMITED_GARBAGE -> refuse(429, "slow down", "Retry-After: soon, my friend\r\n");
                case STATUS_500 -> refuse(500, "it broke", "");
                case STATUS_502 -> refuse(502, "it broke", "");
                case STATUS_503 -> refuse(failStatus, "it broke", "");
                case STATUS_400 -> refuse(400, refusal, "");
                case STATUS_401 -> refuse(401, "wrong key", "");
                case HALF_JSON -> halfJson();
                case HALF_STREAM -> {
                    half();
                    yield false;
                }
                case CUT_IN_UTF8 -> cutInUtf8();
                case NO_END_MARK -> {
                    if (!stream) {
                        yield exchange.whole(200, "application/json", "", new byte[0]);
                    }
                    head();
                    events(0, pieces);
                    yield end();
                }
                case GARBAGE -> garbage(false);
                case GARBAGE_BODY -> garbage(true);
                case WRONG_CONTENT_TYPE ->
                    exchange.whole(
                            200, "text/html; charset=utf-8", "", ascii("<html><body>Welcome to nginx!</body></html>"));
                case ERROR_AT_ONCE -> errorAtOnce();
                case ERROR_IN_STREAM -> errorInStream();
                case RESET, REFUSE_CONNECTIONS -> exchange.resetConnection();
                case RESET_HALF_WAY -> {
                    half();
                    exchange.pause(Duration.ofMillis(30));
                    yield exchange.resetConnection();
                }
                case FIN_BEFORE_HEADERS -> false;
                case FIN_BEFORE_BODY -> {
                    head();
                    yield false;
                }
                case GIGANTIC_TOKEN -> gigantic();
                case NO_NEWLINE -> noNewline();
                case NEVER_ENDING -> neverEnding();
                case REDIRECT ->
                    exchange.whole(
                            302,
                            "text/plain",
                            "Location: http://127.0.0.1:1/v1/chat/completions\r\n",
                            ascii("over there"));
                case GZIP -> gzip();
            };
        }

        private boolean good() throws IOException {
            if (!stream) {
                return exchange.json(200, plain(rest()));
            }
            head();
            if (!ollama) {
                chunk(roleEvent());
                for (int i = 1; i <= readingSteps; i++) {
                    exchange.pause(firstToken);
                    chunk(": reading " + i + " " + readingSteps + "\n\n");
                }
            }
            events(firstPiece(), pieces);
            chunk(finishEvent());
            return end();
        }

        private String rest() {
            String whole = firstPieces(pieces);
            return whole.substring(Math.max(0, said.length() - (said.isEmpty() ? 0 : overlap)));
        }

        private int firstPiece() {
            int length = 0;
            int index = 0;
            int from = Math.max(0, said.length() - (said.isEmpty() ? 0 : overlap));
            while (index < pieces && length < from) {
                length += piece(index++).length();
            }
            return index;
        }

        /// The head of a stream, or of a plain answer of the right length.
        private void head() throws IOException {
            if (stream) {
                exchange.send(ascii("HTTP/1.1 200 OK\r\nContent-Type: " + path
                        + "\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"));
            } else {
                exchange.send(ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + plain(rest()).getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n"));
            }
        }

        private void events(int from, int to) throws IOException {
            for (int i = from; i < to; i++) {
                if (i > from) {
                    exchange.pause(chunkInterval);
                }
                chunk(tokenEvent(piece(i)));
                if (how == ModelFault.DUPLICATE_CHUNKS) {
                    chunk(tokenEvent(piece(i)));
                }
            }
        }

        /// The head and half of the answer.
        private void half() throws IOException {
            head();
            if (stream) {
                if (!ollama) {
                    chunk(roleEvent());
                }
                int from = firstPiece();
                events(from, from + Math.max(1, (pieces - from) / 2));
            } else {
                byte[] whole = plain(rest()).getBytes(StandardCharsets.UTF_8);
                exchange.send(Arrays.copyOf(whole, whole.length / 2));
            }
        }

        private boolean hang() throws IOException {
            exchange.socket.setSoTimeout(0);
            try {
                exchange.in.read();
            } catch (IOException e) {
                throw exchange.gone(e);
            }
            throw new EOFException("the caller went away");
        }

        private boolean drip(boolean withHead) throws IOException {
            byte[] body = ascii(stream ? tokenEvent(piece(0)) : plain(rest()));
            byte[] head = ascii("HTTP/1.1 200 OK\r\nContent-Type: " + (stream ? path : "application/json")
                    + "\r\nContent-Length: 100000\r\n\r\n");
            if (!withHead) {
                exchange.send(head);
            }
            for (byte b : withHead ? head : body) {
                exchange.send(new byte[] {b});
                exchange.pause(dripInterval);
            }
            return hang();
        }

        private boolean refuse(int status, String message, String headers) throws IOException {
            String error = ollama
                    ? "{\"error\":\"" + message + "\"}"
                    : "{\"error\":{\"message\":\"" + message + "\",\"type\":\"mock_error\",\"code\":null}}";
            return exchange.whole(status, "application/json", headers, error.getBytes(StandardCharsets.UTF_8));
        }

        private boolean halfJson() throws IOException {
            if (!stream) {
                byte[] whole = plain(rest()).getBytes(StandardCharsets.UTF_8);
                return exchange.whole(200, "application/json", "", Arrays.copyOf(whole, whole.length / 2));
            }
            head();
            String event = tokenEvent(piece(0)).strip();
            chunk(event.substring(0, event.length() - 8) + (ollama ? "\n" : "\n\n"));
            chunk(finishEvent());
            return end();
        }

        private boolean cutInUtf8() throws IOException {
            byte[] event = (stream ? tokenEvent("Zürich") : plain("Zürich")).getBytes(StandardCharsets.UTF_8);
            int cut = 0;
            while (event[cut] != (byte) 0xC3) {
                cut++;
            }
            if (stream) {
                head();
                chunk(tokenEvent(piece(0)));
                byte[] part = Arrays.copyOf(event, cut + 1);
                exchange.send(ascii(Integer.toHexString(part.length) + "\r\n"));
                exchange.send(part);
                return false;
            }
            return exchange.whole(200, "application/json", "", Arrays.copyOf(event, cut + 1));
        }

        private boolean garbage(boolean withHead) throws IOException {
            byte[] bytes = new byte[512];
            new Random(7).nextBytes(bytes);
            bytes[0] = (byte) 0xFF;
            if (withHead) {
                return exchange.whole(200, stream ? path : "application/json", "", bytes);
            }
            exchange.send(bytes);
            return false;
        }

        private boolean errorAtOnce() throws IOException {
            if (!stream) {
                return exchange.json(200, errorEvent().replace("data: ", "").strip());
            }
            head();
            chunk(errorEvent());
            if (!ollama) {
                chunk("data: [DONE]\n\n");
            }
            return end();
        }

        private boolean errorInStream() throws IOException {
            if (!stream) {
                return errorAtOnce();
            }
            half();
            chunk(errorEvent());
            if (!ollama) {
                chunk("data: [DONE]\n\n");
            }
            return end();
        }

        private boolean gigantic() throws IOException {
            String token = "x".repeat(GIGANTIC);
            if (!stream) {
                return exchange.json(200, plain(token.repeat(8)));
            }
            head();
            chunk(tokenEvent(token));
            chunk(finishEvent());
            return end();
        }

        private boolean noNewline() throws IOException {
            exchange.send(ascii("HTTP/1.1 200 OK\r\nContent-Type: " + (stream ? path : "application/json")
                    + "\r\nConnection: close\r\n\r\n"));
            byte[] block = ascii("x".repeat(8192));
            while (!closed) {
                exchange.send(block);
            }
            return false;
        }

        private boolean neverEnding() throws IOException {
            if (!stream) {
                return noNewline();
            }
            head();
            String event = tokenEvent("again and again ".repeat(64));
            while (!closed) {
                chunk(event);
            }
            return false;
        }

        private boolean gzip() throws IOException {
            byte[] plain = stream
                    ? (tokenEvent(piece(0)) + finishEvent()).getBytes(StandardCharsets.UTF_8)
                    : plain(rest()).getBytes(StandardCharsets.UTF_8);
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(packed)) {
                gzip.write(plain);
            }
            return exchange.whole(
                    200, stream ? path : "application/json", "Content-Encoding: gzip\r\n", packed.toByteArray());
        }

        private void chunk(String event) throws IOException {
            byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
            var framed = new ByteArrayOutputStream(bytes.length + 16);
            framed.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
            framed.writeBytes(bytes);
            framed.writeBytes(ascii("\r\n"));
            exchange.send(framed.toByteArray());
        }

        private boolean end() throws IOException {
            exchange.send(ascii("0\r\n\r\n"));
            return true;
        }

        private String plain(String answer) {
            if (ollama) {
                return "{\"model\":\"mock-model\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":"
                        + "\"assistant\",\"content\":" + quoted(answer) + "},\"done\":true,\"done_reason\":\"stop\""
                        + (how == ModelFault.USAGE_MISSING ? "" : ",\"prompt_eval_count\":24,\"eval_count\":8")
                        + "}";
            }
            return "{\"id\":\"chatcmpl-mock0001\",\"object\":\"chat.completion\",\"created\":1767225600,"
                    + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":" + quoted(answer) + "},\"logprobs\":null,\"finish_reason\":\"stop\"}]"
                    + (how == ModelFault.USAGE_MISSING
                            ? ""
                            : ",\"usage\":{\"prompt_tokens\":24,\"completion_tokens\":8,\"total_tokens\":32}")
                    + "}";
        }

        private String openAi(String delta, String finish) {
            return "data: {\"id\":\"chatcmpl-mock0001\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
                    + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":"
                    + finish + "}]}\n\n";
        }

        private String roleEvent() {
            return openAi("{\"role\":\"assistant\",\"content\":\"\"}", "null");
        }

        private String tokenEvent(String token) {
            if (ollama) {
                return "{\"model\":\"mock-model\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":"
                        + "\"assistant\",\"content\":" + quoted(token) + "},\"done\":false}\n";
            }
            return openAi("{\"content\":" + quoted(token) + "}", "null");
        }

        private String errorEvent() {
            return ollama
                    ? "{\"error\":\"an error was encountered while running the model: CUDA error\"}\n"
                    : "data: {\"error\":{\"message\":\"the engine died\",\"type\":\"server_error\",\"code\":null}}\n\n";
        }

        private String finishEvent() {
            if (ollama) {
                return "{\"model\":\"mock-model\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":"
                        + "\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\""
                        + (how == ModelFault.USAGE_MISSING ? "" : ",\"prompt_eval_count\":24,\"eval_count\":" + pieces)
                        + "}\n";
            }
            boolean usage = request.path("stream_options").path("include_usage").asBoolean(false)
                    && how != ModelFault.USAGE_MISSING;
            return openAi("{}", "\"stop\"")
                    + (usage
                            ? "data: {\"id\":\"chatcmpl-mock0001\",\"object\":\"chat.completion.chunk\",\"created\":"
                                    + "1767225600,\"model\":\"mock-model\",\"choices\":[],\"usage\":{\"prompt_tokens\":24,"
                                    + "\"completion_tokens\":" + pieces + ",\"total_tokens\":"
                                    + (24 + pieces) + "}}\n\n"
                            : "")
                    + (how == ModelFault.DONE_MISSING ? "" : "data: [DONE]\n\n");
        }

        private static String quoted(String value) {
            return JSON.writeValueAsString(value);
        }
    }
}
