package dev.steward.base;

import dev.steward.base.Wording.Phrase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The list of everything that Steward says by a code, so that a reader's program can say it in another language: with
/// its English, in which `{name}` stands for a value. The codes are part of the HTTP contract; what is not in this list
/// can't be sent as a [Phrase].
///
/// A text that is kept or handed on as plain English is understood by [Wording#read], so that a row of a table needs no
/// second column for its words.
public enum Saying {

    // Why nothing is said yet.
    NOT_BEGUN("The model has not begun to answer yet; it may be busy or being loaded. Steward goes on waiting."),
    READING("The model is reading what it was given: {percent} %."),

    // What happened to a question; named like the kinds of `ModelException`.
    MODEL_NOT_AVAILABLE("The chosen model is not available."),
    CONNECTION("The model server could not be reached."),
    TIMEOUT("The model did not answer in time."),
    OVERLOADED("The model server has more requests than it can take."),
    BACKEND_ERROR("The model server reported an error of its own."),
    REFUSED("The model server refused this request."),
    PROTOCOL("The model server sent an answer that can't be read."),
    BREAKER_OPEN("The model server failed several times in a row and is being left alone for a moment."),
    NO_BACKEND("No language model is set up or reachable."),
    TOO_LONG("The answer grew past the length limit and was stopped."),
    PROMPT_TOO_LONG("The message is too long for this model to read in one piece."),
    NO_MODEL_FOR_HOURS(
            "No language model could be reached for {hours} hours. Your question is kept in the conversation."),
    GAVE_UP("Steward could not finish this answer, although it tried several times. Your question and what was said so"
            + " far are kept, and the operator can see what happened."),
    NOTHING_ASKED("It has {characters} characters. Nothing was asked, so that no part of it is left unread."),

    // Whether anything is lost, and what Steward does.
    QUESTION_KEPT("Your question is kept."),
    QUESTION_AND_PART_KEPT("Your question and the part of the answer above are kept."),
    WAITING_FOR_MODEL("No language model can be reached now; your question is kept and will be answered as soon as one"
            + " is back."),
    RESUMED("The answer was interrupted and goes on from where it was."),
    TRYING_AGAIN("Nothing is lost; Steward tries again by itself."),
    OPERATOR_TOLD("Nothing that Steward can do by itself helped; the operator has been told."),

    // What a person can do.
    CHOOSE_OR_INSTALL_MODEL("Choose another model, or install this one with `steward model install` or at its server,"
            + " then regenerate the answer."),
    CHANGE_MESSAGE_OR_MODEL("Trying the same again would give the same, so Steward does not; change the message or"
            + " choose another model."),
    CONFIGURATION_WRONG("Its entry in the configuration has to be corrected, which the operator has been told; choose"
            + " another model until then."),
    ASK_SHORTER("Ask for a shorter answer, or ask it to go on."),
    SHORTEN_MESSAGE("Shorten the message, split it into several, or choose a model with more room."),
    REGENERATE_LATER("Steward has tried as long as it may; regenerate the answer later or choose another model."),
    SEND_FEWER_CHARACTERS("Send about {characters} characters or fewer, split it into several messages, or choose a"
            + " model with more room."),
    CHOOSE_MORE_ROOM("Choose a model with more room."),
    START_MODEL_SERVER("Start a model server or install the built-in model, then regenerate the answer."),
    REGENERATE("Regenerate the answer to try anew."),

    // What the operator can do about it.
    FOR_OPERATORS("For the operator:"),
    CORRECT_BACKEND("Correct the backend's entry under `backends`: its url or its key."),
    PULL_MODEL("Pull the model at its server, install it with `steward model install`, or take it out of the chain."),
    START_OR_ADD_BACKEND("Start the model server, check its url, or add a backend to the chain; GET /api/v1/backends"
            + " tells what each one says."),
    GIVE_LESS_TO_DO("Give the model server less to do or a faster machine, add a backend to the chain, or raise"
            + " `models.timeouts`."),
    LOOK_AT_ITS_LOG("Look at the model server's own log; POST /api/v1/backends/{name}/test asks it in earnest."),

    // Which model server goes on, and why; the English says what exactly happened, and is made where that is known.
    ANSWERED_BY,
    CONTINUED_BY,
    ASKED_AGAIN,
    ASKED_AGAIN_GOES_ON,
    BACKEND_MISSED,

    // Why this agent.
    YOU_ASKED_FOR("you asked for {agent}"),
    YOU_SPOKE_TO("you spoke to {agent}"),
    CONVERSATION_IS_WITH("this conversation is with {agent}"),
    GOES_ON("{agent} goes on"),
    NO_SPECIALIST("no specialist is needed"),
    JUDGED_BEST("a model judged that it fits best"),
    HANDED_OVER("{agent} handed over, as you asked"),
    CODE_IN_MESSAGE("there is code in the message"),
    MESSAGE_SPEAKS_OF("the message speaks of “{word}”"),
    ABOUT_A_TIME("It is about a time, which Steward itself keeps."),
    WAS_DUE("It was due."),

    // What a field of a form must be.
    MUST_BE_GIVEN("must be given"),
    MUST_BE_GIVEN_AS_TEXT("must be given, as text"),
    MUST_NOT_BE_BLANK("must be given, as text that is not blank"),
    UNKNOWN_FIELD("there is no such field here"),
    AT_MOST_CHARACTERS("must have at most {max} characters"),
    AT_MOST_CHARACTERS_ON_ONE_LINE("must have at most {max} characters on one line"),
    AT_MOST_JSON_BYTES("must have at most {max} bytes as JSON"),
    AT_MOST_PLAIN_JSON_BYTES("must have at most {max} bytes as JSON, without U+0000"),
    JSON_OBJECT("must be a JSON object"),
    WRITE_AT_MOST("write at most {max} characters"),
    WRITE_AT_MOST_INSTEAD("write at most {max} characters; this has {characters}"),
    WRITE_SOMETHING("write at least one character that can be seen"),
    LEAVE_OUT_NUL("leave out NUL and halves of surrogate pairs"),
    LEAVE_OUT_HTML("leave out HTML tags and script"),
    LEAVE_OUT_SQL("leave out what reads like the end of an SQL statement"),
    LEAVE_OUT_PATHS("leave out paths to other folders"),
    GIVE_CHARACTERS("give 1 to {max} characters"),
    GIVE_VISIBLE_CHARACTERS("give 1 to {max} characters that can be seen"),
    WRITE_ONE_LINE("write one line, without control characters"),
    EMAIL_ADDRESS("must be an e-mail address"),
    PASSWORD_TOO_SHORT("must have at least {min} characters; 15 or more are better"),
    PASSWORD_COMMON("is one of the passwords that are tried first; choose another"),
    PASSWORD_OF_NAMES("is made of your name, your address or the name of this service"),
    PASSWORD_NOT_CURRENT("is not your current password"),
    TIME_ZONE("must be an IANA time zone such as Europe/Berlin or UTC"),
    KEY_EXPIRY("must be in the future, at most ten years from now"),
    KEY_SCOPES("must name each of {scopes} at most once, and at least one"),
    BACKEND_NAME("a backend's name is 1 to {max} lower-case letters, digits, - or _, and begins with a letter or digit;"
            + " was {name}"),
    BACKEND_NAME_TAKEN("there is a model server with the name {name} already"),
    BACKEND_ADDRESS("must be like http://127.0.0.1:11434 or https://host/v1"),
    BACKEND_URL("a backend's url is http://host:port or https://host"),
    BACKEND_URL_PARTS("a backend's url has no user, query or fragment; a key goes into api_key"),
    BACKEND_METADATA("The address was refused and nothing was sent: it is a cloud's metadata service."),
    BACKEND_KEY("must be one line of letters, digits and signs"),
    BACKEND_KEY_AGAIN("must be given again with another address: a stored key is only sent where it was meant for"),
    MODELS_COUNT("must name 1 to {max} models"),
    MODELS_ONCE("must name each model once"),
    MODEL_WITHOUT_SERVER("there is no model server for {model}"),
    MODEL_REFERENCE("write a model as backend/model, such as ollama/llama3.2; was {model}"),
    INPUT_FIXED("tasks of type {type} go back as they were; leave it out"),
    CRON_RULE("must be five fields (minute hour day-of-month month day-of-week) such as \"0 8 * * 1-5\""),
    RRULE_RULE("must be an RFC 5545 RRULE such as FREQ=WEEKLY;BYDAY=MO,TH"),
    RUNS_OVER("all its runs are over; give a later time, UNTIL or COUNT"),
    NEVER_OCCURS("never comes true, or less often than can be reckoned; such as these do: {examples}"),
    TOO_FREQUENT("runs come {gap} s apart; at least {min} s must lie between two, such as {example}"),
    STARTS_RANGE("must be from 1970 to ten years ahead"),
    CALENDAR_BEGIN("must be a calendar (RFC 5545) that begins with BEGIN:VCALENDAR"),
    CALENDAR_END("must end with END:VCALENDAR"),
    CALENDAR_VERSION("must be 2.0"),
    CALENDAR_LINE("can't be read as RFC 5545 has it"),
    CALENDAR_ENTRIES("must be at most {max} entries; split the file"),
    CALENDAR_TIME("must be a time such as 20260503T143000 or a day such as 20260503"),
    CALENDAR_ZONE("must be an IANA time zone such as Europe/Berlin"),
    CALENDAR_ENCODING("must be text in UTF-8; save the file as UTF-8"),

    // Why a request is refused.
    REQUEST_REFUSED("The request was refused and nothing was changed:"),
    NO_SUCH("There is no such {what} in your account."),
    NOTHING_HERE("There is nothing at this address."),
    SIGN_IN("Sign in, or send a token or an API key."),
    SIGN_IN_WRONG("The e-mail address or the password is wrong."),
    SIGN_IN_THROTTLED("Too many failed tries from here. Wait a moment; the account itself is not locked."),
    SIGN_IN_CROWDED("Too many people are signing in at this moment; try again in a few seconds."),
    NOT_ALLOWED("Your account, or the key that was used, may not do this."),
    OPERATORS_ONLY("This is for operators."),
    OTHER_SITE("The request comes from another site."),
    FORGED("The {header} header is missing or not that of this session."),
    REGISTRATION_CLOSED("Nobody can register here; ask the administrator for an account."),
    ACCOUNT_EXISTS("There is an account with this e-mail address already. Sign in instead."),
    PASSWORD_WRONG("The current password is wrong. Nothing was changed."),
    OWN_PASSWORD("Change your own password in the settings, where the old one is asked for."),
    TERMINAL_ACCOUNT("This account is the terminal's on the server's machine; it has no password."),
    NOT_YOURSELF("You can't demote or deactivate yourself; ask another administrator."),
    LAST_ADMINISTRATOR("This is the last administrator. Make somebody else administrator first."),
    KEY_BEYOND_OWN("A key can't be given more than you may do yourself."),
    KEYS_MAX("You have {max} keys; delete some that are not used any more."),
    KEY_ANSWER_LOST(
            "This key was made by an earlier try whose answer got lost. Its text is shown only once: delete it and"
                    + " make another one."),
    SCHEDULES_MAX("You have {max} schedules, which is the most. Nothing was made; delete some first."),
    BACKENDS_MAX("There are {max} connected model servers, which is the limit. Remove one first."),
    BACKEND_NOT_CONNECTED_HERE("This model server was not connected here; it comes from the configuration or was found"
            + " by Steward. Change it there."),
    BODY_TOO_LONG("The body is longer than the {max} bytes that are taken here. Nothing was changed."),
    STILL_ANSWERED("This message is still being answered. Stop the answer first, or wait for its end."),
    SAID_UNASKED("Steward said this of its own accord; there is no question that could be answered anew."),
    TASK_OVER("The task is over ({status}) and can't be cancelled any more."),
    REPLAYED_TOO_OFTEN("This dead letter was sent back {times} times, which is the limit. Create a new task instead."),
    NOT_SENT_BACK_TWICE("A task with the same unique_key waits or runs already. Nothing was sent back."),
    TOO_MANY_REQUESTS("Too many requests. Nothing was changed; wait a moment and send this one again."),
    TOO_MANY_OPENED(
            "Too many answers are being opened at once. The answer itself goes on; watch it again in a moment."),
    TOO_MANY_WATCHED(
            "Too many answers are being watched at once. The answer itself goes on; watch it again in a moment."),
    QUEUE_FULL("The task queue is full (of at most {max} tasks). Nothing was accepted; try again later."),
    STOPPING("The server is stopping. The task was not accepted; try again in a moment."),
    DATABASE_AWAY("The database can't answer just now, and nothing was changed by this request unless it was confirmed."
            + " Steward is working on it; try again in a moment."),
    INTERNAL("Something went wrong here. It was recorded under the request id."),
    SECRETS_LOCKED("Secrets can't be kept: the file {file} in the data directory can't be read or written. Nothing was"
            + " changed."),
    MODELS_UNWRITABLE("The directory of the models can't be written; nothing was installed."),

    // How a task fared.
    UNFORESEEN_FAULT("An unforeseen fault stopped this attempt ({kind}). The server's log has the details."),
    ATTEMPT_TOO_LONG("The attempt was stopped because it took longer than {millis} ms."),
    SERVER_STOPPED("The server stopped while the task ran."),
    WORKER_LOST("The worker that ran this task was lost."),
    WORKER_SILENT("The worker that ran this attempt gave no sign of life any more."),
    OUTCOME_UNKNOWN("How far it came is not known, and tasks of this type are not repeated unasked."),
    DEADLINE_MISSED("The task was not finished by its deadline."),
    WORKER_LOST_OFTEN("The worker that ran this task was lost {times} times without progress in between, so the task is"
            + " kept apart."),
    RESULT_UNSTORABLE("The task ran, but its result can't be stored."),
    CANCELLED_RUNNING("Cancelled by its owner while it ran."),
    CANCELLED_WAITING("Cancelled by its owner before it ran."),
    PREDECESSOR_FAILED("Cancelled because a task that it was to follow was not completed."),
    FAILED_AS_ASKED("Attempt {number} failed, as it was asked to."),
    OTHER_SIDE_ANSWERED("The other side answered with status {status}."),
    OTHER_SIDE_REFUSED("The other side refused the request with status {status}."),
    OTHER_SIDE_REDIRECTS("The other side refused the request with status {status}; redirects are not followed."),
    OTHER_SIDE_TOO_SLOW("The other side took too long to answer."),
    OTHER_SIDE_UNKNOWN("There is no host of that name."),
    OTHER_SIDE_NOT_HTTP("The other side does not answer in HTTP."),
    OTHER_SIDE_BROKE("The connection failed or broke."),
    OTHER_SIDE_TOO_LONG("The answer is longer than {max} bytes and was given up."),
    ADDRESS_NOT_PUBLIC(
            "The address was refused and nothing was sent: the host is not on the public internet. An operator"
                    + " can allow it in egress.allow."),

    // What is wrong with a model server; its name or address stands first.
    BACKEND_REFUSES("{backend} refused the connection"),
    BACKEND_TAKES_NO_CONNECTION("{backend} did not take the connection in {time}"),
    BACKEND_UNKNOWN_HOST("{backend} has an address that nobody knows"),
    BACKEND_TLS("{backend} failed the TLS handshake"),
    BACKEND_NOT_HTTP("{backend} sent something that is not HTTP"),
    BACKEND_NOT_JSON("{backend} sent something that is not JSON"),
    BACKEND_NO_ANSWER("{backend} sent something that is not an answer"),
    BACKEND_NO_ANSWER_BUT("{backend} sent something that is not an answer ({type})"),
    BACKEND_IS_METADATA("{backend} may not be asked: the host is a cloud's metadata service"),
    BACKEND_NO_LIST("{backend} sent something that is not a list of models"),
    BACKEND_HANGS_UP("{backend} closed the connection before it answered"),
    BACKEND_NOT_DONE("{backend} was not done in {time}"),
    BACKEND_SLOW("{backend} did not answer in {time}"),
    BACKEND_SILENT("{backend} fell silent for {time}"),
    BACKEND_CUT_SHORT("{backend} stopped in the middle of its answer"),
    BACKEND_TOO_LONG("{backend} sent more than any answer may have"),
    BACKEND_FAILED_INSIDE("{backend} failed while answering"),
    BACKEND_POINTS_ELSEWHERE("{backend} points to another address, which is not followed (check the backend's url)"),
    BACKEND_OVERLOADED("{backend} is overloaded"),
    BACKEND_WRONG_KEY("{backend} refused the key that is configured for it"),
    BACKEND_OFFERS_NOT("{backend} does not offer what it was asked for"),
    BACKEND_FAILED("{backend} failed with status {status}"),
    BACKEND_NOTHING_THERE("{backend} has nothing at the address that is configured for it"),
    BACKEND_REFUSED("{backend} refused the request with status {status}"),
    BACKEND_NO_ROOM("{backend} can't take in so much at once with its model {model}"),
    BACKEND_WITHOUT_MODEL("{backend} has no model {model}"),
    BACKEND_LEFT_ALONE("{backend} is left alone after several failures"),
    BACKEND_TRIED_LATER("{backend} failed several times in a row and is left alone; it is tried again in {time}"),
    BACKEND_FULL("{backend} has more to do than it can take"),
    BACKEND_SERVES_NOTHING("{backend} serves no model"),
    BACKEND_NOT_SEEN("not looked at yet"),
    NO_MODEL_COULD("No model could answer:"),
    NO_MODEL_CHATS("The server answers, but it has no model that can chat."),

    // What most often is behind it.
    OLLAMA_PULL("Get one there with: ollama pull llama3.2"),
    OLLAMA_PULL_MODEL("Get it with: ollama pull {model}"),
    MODELS_LISTED("GET /api/v1/models lists what is served."),
    ENTRY_WRONG("Its entry under `backends` has to be corrected."),
    OLLAMA_RUNNING("Is Ollama running there (ollama serve), and does it listen on more than its own machine?"),
    SERVER_RUNNING("Check the address, and whether the server runs."),
    FIREWALL("Check the address, and whether a firewall lies between."),
    CHECK_KEY("Check the key."),
    OLLAMA_ADDRESS("Is this Ollama? Its address is most often http://host:11434."),
    OPENAI_ADDRESS("Check the address; it most often ends in /v1."),
    OLLAMA_OR_OPENAI("Is this Ollama? Another server may want the kind OpenAI-compatible."),
    OPENAI_API("Is this an OpenAI-compatible API? Its address most often ends in /v1."),
    TRY_IN_A_MOMENT("Try again in a moment."),

    // How the parts of the server are.
    NOT_STARTED("not started yet"),
    NO_MODEL_CONNECTED("no model is connected"),
    QUESTIONS_KEPT("Questions are kept and answered when a model is there."),
    SCHEDULES_WAIT("Schedules are kept, but what is due waits until the database answers."),
    TASKS_WAIT("Tasks are kept, but none can be started or finished until the database answers."),
    DATABASE_STARTING("The database is starting."),
    DATABASE_SILENT("The database does not answer."),
    DATABASE_NOT_STARTED("The database did not start."),
    NOTHING_ACCEPTED("Nothing is accepted until it is back."),
    WATCHING_OVER_IT("Steward is watching over it."),
    POSTGRES_RESTARTING("The embedded PostgreSQL stopped and is being restarted; what was confirmed is kept."),
    REDIS_UNREACHABLE("Redis at {address} can't be reached."),
    REDIS_SLOW("Redis at {address} does not answer in time."),
    REDIS_HANGS_UP("Redis at {address} closed the connection."),
    REDIS_UNKNOWN_HOST("The host of Redis at {address} is unknown. Check redis.url."),
    REDIS_WRONG_PASSWORD("Redis at {address} refuses the user or the password of redis.url."),
    REDIS_WANTS_PASSWORD("Redis at {address} wants a password. Add it to redis.url."),
    POSTGRES_MEANWHILE("Until then PostgreSQL hands out tasks; nothing is lost."),
    BREAKERS_UNSAVED("Breakers work, but would forget their state in a restart: it can't be saved now."),
    BUILT_IN_FILE_MISSING("There is no model file {path} (models.embedded.path)."),
    BUILT_IN_ABSENT("No model is connected, and the basic built-in model is not installed. Install it with `steward"
            + " model install`, or connect a model server."),
    BUILT_IN_UNKNOWN("The catalogue has no model {model} (models.embedded.model)."),
    BUILT_IN_TOO_BIG("No model is connected, and this machine has too little free memory or disk for the basic built-in"
            + " model. Connect a model server."),
    BUILT_IN_STUCK("The basic built-in model could not be installed yet:"),
    BUILT_IN_BEGINS("The basic built-in model is being installed: it begins."),
    BUILT_IN_PERCENT("The basic built-in model is being installed: {percent} % of {megabytes} MB."),
    BUILT_IN_SPEED("The basic built-in model is being installed: {percent} % of {megabytes} MB, {speed} MB/s."),
    BUILT_IN_LEFT("The basic built-in model is being installed: {percent} % of {megabytes} MB, {speed} MB/s, about"
            + " {time} left."),
    BUILT_IN_UNLOADABLE("The basic built-in model's file can't be loaded. Remove it and install it again."),
    BUILT_IN_NO_MEMORY(
            "The basic built-in model ended while it was loaded; it may need more memory than is free. Steward"
                    + " tries again."),
    BUILT_IN_NOT_STARTED("The basic built-in model's process can't be started."),
    BUILT_IN_STOPPED("The basic built-in model stopped unexpectedly and is being started again."),
    BUILT_IN_UNWATCHED("The basic built-in model is not looked after any more; restart Steward."),

    // How an installation fared.
    DISK_FULL("The disk of {directory} has {free} MB free; {model} needs {needed} MB. Free some room, or name a smaller"
            + " model."),
    INSTALLED_BY_ANOTHER("{model} is being installed or removed by somebody else right now."),
    TRIED_BY_ITSELF("It is tried again by itself.");

    private static final Map<String, Saying> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Saying::code, saying -> saying));

    private final String template;
    private final List<String> names;

    /// Apart, as the constants of an enum are made before its static fields.
    private static final class Names {
        private static final Pattern FORM = Pattern.compile("\\{([a-z]+)}");
    }

    /// Its English is made where it is said.
    Saying() {
        this("");
    }

    Saying(String template) {
        this.template = template;
        this.names = Names.FORM
                .matcher(template)
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    /// The word on the wire, such as `waiting_for_model`.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The saying of a code.
    ///
    /// @throws IllegalArgumentException if there is none
    static Saying of(String code) {
        Saying saying = BY_CODE.get(code);
        if (saying == null) {
            throw new IllegalArgumentException("nothing is said by the code " + code);
        }
        return saying;
    }

    /// The English with `{name}` for values; empty where it is made elsewhere.
    String template() {
        return template;
    }

    /// The names of its values, in the order of the English; none where that is made elsewhere.
    public List<String> names() {
        return names;
    }

    /// It, said of these.
    ///
    /// @param values names and numbers, one for each of [#names], in their order
    public Wording said(Object... values) {
        if (values.length != names.size() || template.isEmpty()) {
            throw new IllegalArgumentException(code() + " is said of " + names + ", not of " + Arrays.asList(values));
        }
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            named.put(names.get(i), values[i]);
        }
        String english = Names.FORM
                .matcher(template)
                .replaceAll(name -> Matcher.quoteReplacement(String.valueOf(named.get(name.group(1)))));
        return new Wording(english, List.of(new Phrase(this, named)));
    }

    /// The English of it, said of these.
    public String english(Object... values) {
        return said(values).english();
    }
}
