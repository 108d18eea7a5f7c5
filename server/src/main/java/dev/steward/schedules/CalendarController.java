package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Language;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Calendars out and in: a feed that other programs read, and files that reminders are made of.
@RestController
@RequestMapping("/api/v1")
final class CalendarController {

    /// A calendar of 500 entries with all their words.
    private static final int FILE_BYTES_MAX = 1024 * 1024;

    private static final int TEXT_CHARS_MAX = 1_000_000;
    private static final String IMPORT_SUMMARY =
            "Make reminders of a calendar file, or tell what they would be; the same entry is made once";
    private static final String ENDING = ".ics";
    private static final MediaType CALENDAR = new MediaType("text", "calendar", StandardCharsets.UTF_8);

    private final CalendarFeeds feeds;
    private final CalendarImport imports;

    CalendarController(CalendarFeeds feeds, CalendarImport imports) {
        this.feeds = requireNonNull(feeds, "feeds");
        this.imports = requireNonNull(imports, "imports");
    }

    /// Whether there is a feed. Its address was told when it was made, and is not kept.
    ///
    /// @param readAt when a program read it last, to the hour
    record FeedView(
            boolean enabled,
            @Nullable Instant created,
            @Nullable Instant readAt) {}

    /// A new feed.
    ///
    /// @param path of its address on this server; whoever has it can read the calendar, and it is told this once
    record NewFeed(String path) {}

    /// A calendar file to make reminders of.
    ///
    /// @param calendar the text of an `.ics` file
    /// @param dryRun   whether to tell only what it would come to
    record ImportRequest(
            @Schema(maxLength = TEXT_CHARS_MAX) String calendar,
            @Nullable Boolean dryRun) {}

    /// What a file came to, or would.
    record Imported(boolean dryRun, int made, List<CalendarImport.Line> entries) {}

    @GetMapping("/schedules/feed")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "Whether your calendar can be read by other programs")
    FeedView feed(Principal caller) {
        return feeds.find(caller.user())
                .map(f -> new FeedView(true, f.created(), f.readAt().orElse(null)))
                .orElse(new FeedView(false, null, null));
    }

    @PostMapping("/schedules/feed")
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NONE)
    @Operation(summary = "Make a private address for your calendar; one that was there ends")
    NewFeed open(Principal caller) {
        return new NewFeed("/api/v1/calendars/" + feeds.open(caller.user()) + ENDING);
    }

    @DeleteMapping("/schedules/feed")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "End the private address of your calendar")
    void close(Principal caller) {
        feeds.close(caller.user());
    }

    /// The token in the address is the key: calendar programs have no other.
    @GetMapping("/calendars/{token}")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "A calendar (RFC 5545) at its private address")
    ResponseEntity<byte[]> calendar(
            @PathVariable String token,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String seen) {
        String key = token.endsWith(ENDING) ? token.substring(0, token.length() - ENDING.length()) : token;
        byte[] text = feeds.read(key)
                .orElseThrow(() -> StewardException.notFound("calendar"))
                .getBytes(StandardCharsets.UTF_8);
        String tag = "\"" + UUID.nameUUIDFromBytes(text) + "\"";
        var answer = ResponseEntity.status(tag.equals(seen) ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .eTag(tag)
                .cacheControl(CacheControl.noCache().cachePrivate());
        return tag.equals(seen) ? answer.build() : answer.contentType(CALENDAR).body(text);
    }

    @PostMapping("/schedules/import")
    @Endpoint(
            permission = Permission.CHAT,
            rate = RateClass.WRITE,
            idempotency = Idempotency.NATURAL,
            bodyBytesMax = FILE_BYTES_MAX)
    @Operation(summary = IMPORT_SUMMARY)
    Imported take(
            Principal caller,
            @RequestBody ImportRequest body,
            @RequestParam(name = "dry_run", defaultValue = "false") boolean onlyTell,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        boolean dryRun = onlyTell || Boolean.TRUE.equals(body.dryRun());
        return take(caller, body.calendar(), dryRun, accepted);
    }

    /// The file itself, as programs send it.
    @PostMapping(path = "/schedules/import", consumes = "text/calendar")
    @Endpoint(
            permission = Permission.CHAT,
            rate = RateClass.WRITE,
            idempotency = Idempotency.NATURAL,
            bodyBytesMax = FILE_BYTES_MAX)
    @Operation(summary = IMPORT_SUMMARY)
    Imported takeFile(
            Principal caller,
            @RequestBody byte[] file,
            @RequestParam(name = "dry_run", defaultValue = "false") boolean dryRun,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        return take(caller, text(file), dryRun, accepted);
    }

    /// Calendars are UTF-8 unless they say otherwise (RFC 5545, section 3.1.4); nothing else is read.
    private static String text(byte[] file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(file))
                    .toString();
        } catch (CharacterCodingException _) {
            throw StewardException.invalid("calendar", "encoding", Saying.CALENDAR_ENCODING.said());
        }
    }

    private Imported take(Principal caller, String calendar, boolean dryRun, @Nullable String accepted) {
        Language language =
                Optional.ofNullable(accepted).flatMap(Language::accepted).orElse(Language.EN);
        List<CalendarImport.Line> entries = imports.take(caller.user(), calendar, dryRun, language);
        int made = (int) entries.stream().filter(e -> e.status().equals("made")).count();
        return new Imported(dryRun, made, entries);
    }
}
