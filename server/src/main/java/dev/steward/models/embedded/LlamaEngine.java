package dev.steward.models.embedded;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// llama.cpp in this process, with one slot whose prompt cache lives from answer to answer. Used by one thread.
///
/// Closing the library's model gives no memory back (measured: 230 MB stay for each load of a 98 MB model), so there is
/// no way to unload: the process ends instead.
final class LlamaEngine implements Engine {

    /// Prompt text that is read between two looks at cancellation, in characters: about 100 tokens, one to three
    /// seconds of a 1.5B model on two cores, ten times as much when they are very busy. The library itself can't be
    /// stopped within a prompt.
    static final int PROMPT_STEP_CHARS = 400;

    /// Room that is kept free in the context for the answer, in tokens.
    static final int ANSWER_TOKENS_MIN = 16;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LlamaModel model;
    private final int contextTokens;
    /// What the slot's cache holds: the last prompt and its answer.
    private String cached = "";

    LlamaEngine(Path file, int contextTokens, int threads) {
        this.contextTokens = contextTokens;
        this.model = new LlamaModel(new ModelParameters()
                .setModel(file.toString())
                .setCtxSize(contextTokens)
                .setParallel(1)
                .setThreads(threads)
                .setGpuLayers(0)
                .disableContextShift()
                .skipWarmup());
    }

    @Override
    public int contextTokens() {
        return contextTokens;
    }

    @Override
    public void answer(EngineRequest request, BooleanSupplier cancelled, Consumer<EngineEvent> events) {
        String prompt = prompt(request);
        int promptTokens = model.encode(prompt).length;
        int room = contextTokens - promptTokens;
        if (room < ANSWER_TOKENS_MIN) {
            events.accept(new EngineEvent.Refused(
                    "context_length_exceeded",
                    "The messages have " + promptTokens + " tokens; this model holds " + contextTokens
                            + ", and at least " + ANSWER_TOKENS_MIN + " of them are kept for the answer."));
            return;
        }
        if (!read(prompt, promptTokens, cancelled, events)) {
            events.accept(new EngineEvent.Done("stop", promptTokens, 0));
            return;
        }
        int max = Math.min(request.maxTokens(), room);
        try {
            generate(prompt, promptTokens, max, request, cancelled, events);
        } catch (RuntimeException e) {
            // What the slot holds now is not known; the next prompt is read from its start.
            cached = "";
            throw e;
        }
    }

    private void generate(
            String prompt,
            int promptTokens,
            int max,
            EngineRequest request,
            BooleanSupplier cancelled,
            Consumer<EngineEvent> events) {
        LlamaIterator pieces = model.generate(parameters(prompt, max, request)).iterator();
        var said = new StringBuilder();
        int steps = 0;
        boolean lastWasEmpty = false;
        boolean stopped = false;
        while (pieces.hasNext()) {
            if (cancelled.getAsBoolean()) {
                pieces.cancel();
                stopped = true;
                break;
            }
            LlamaOutput piece = pieces.next();
            if (pieces.hasNext()) {
                steps++;
                lastWasEmpty = piece.text.isEmpty();
            }
            if (!piece.text.isEmpty()) {
                said.append(piece.text);
                events.accept(new EngineEvent.Text(piece.text));
            }
        }
        cached = prompt + said;
        // A step is a token, except that bytes of one character come as one step; an end token is an empty last step.
        int tokens =
                Math.max(steps - (lastWasEmpty ? 1 : 0), said.isEmpty() ? 0 : model.encode(said.toString()).length);
        boolean ended = lastWasEmpty || !request.stop().isEmpty();
        boolean cut = !stopped && (steps >= max || !ended);
        events.accept(new EngineEvent.Done(cut ? "length" : "stop", promptTokens, Math.min(tokens, max)));
    }

    /// Reads the part of the prompt that the cache does not hold, step by step.
    ///
    /// @return whether it was read; false when it was cancelled
    private boolean read(String prompt, int promptTokens, BooleanSupplier cancelled, Consumer<EngineEvent> events) {
        int known = commonPrefix(prompt, cached);
        for (int end = known + PROMPT_STEP_CHARS; end < prompt.length(); end += PROMPT_STEP_CHARS) {
            if (cancelled.getAsBoolean()) {
                return false;
            }
            int cut = Character.isLowSurrogate(prompt.charAt(end)) ? end - 1 : end;
            String part = prompt.substring(0, cut);
            model.complete(new InferenceParameters(part)
                    .setNPredict(1)
                    .setCachePrompt(true)
                    .setTemperature(0));
            cached = part;
            int read = (int) ((long) promptTokens * cut / prompt.length());
            events.accept(new EngineEvent.Reading(read, promptTokens));
        }
        return !cancelled.getAsBoolean();
    }

    private static int commonPrefix(String a, String b) {
        int max = Math.min(a.length(), b.length());
        int i = 0;
        while (i < max && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    /// The messages in the model's own chat template, up to where the answer goes on.
    private String prompt(EngineRequest request) {
        List<Map<String, String>> messages = request.asked().stream()
                .map(m -> Map.of("role", m.role(), "content", plain(m.content())))
                .toList();
        String asked =
                messages.isEmpty() ? "" : model.applyTemplate(JSON.writeValueAsString(Map.of("messages", messages)));
        return asked + plain(request.begun());
    }

    /// Text whose `<|…|>` can't be taken for the template's control tokens: otherwise a message could end itself and
    /// speak as the system.
    private static String plain(String text) {
        return text.replace("<|", "< |");
    }

    private static InferenceParameters parameters(String prompt, int max, EngineRequest request) {
        InferenceParameters parameters = new InferenceParameters(prompt)
                .setNPredict(max)
                .setCachePrompt(true)
                .setTemperature((float) request.temperature())
                .setTopP((float) request.topP());
        if (!request.stop().isEmpty()) {
            parameters.setStopStrings(request.stop().toArray(String[]::new));
        }
        if (request.seed() != null) {
            parameters.setSeed(request.seed());
        }
        if (request.jsonSchema() != null) {
            parameters.setGrammar(LlamaModel.jsonSchemaToGrammar(request.jsonSchema()));
        }
        return parameters;
    }
}
