package dev.steward.tasks;

import dev.steward.base.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.params.XTrimParams;
import redis.clients.jedis.resps.StreamConsumerInfo;
import redis.clients.jedis.resps.StreamEntry;

/// Ids of ready tasks in Redis Streams, one for each priority, read by one group of all processes. An id is deleted as
/// it is read, so streams hold what nobody has taken yet and nothing is ever pending (decision 0023).
///
/// Source of the commands' meaning: Redis manual, "Redis Streams". Safe for use by many threads, each with a connection
/// of its own; every method may throw [redis.clients.jedis.exceptions.JedisException].
final class TaskStreams {

    /// Ids that one stream keeps, about: more is a backlog, and a backlog is worked off from the table.
    static final int LENGTH_MAX = 10_000;

    /// A process that lives reads several times a second.
    static final Duration SILENT_MAX = Duration.ofMinutes(10);

    private static final String GROUP = "workers";
    private static final String FIELD = "task";

    /// The most urgent stream first, and the next one only for the room that is left. `XREADGROUP` over all of
    /// them would take its count from each. Reading and deleting are one step: a process that dies leaves nothing.
    private static final String TAKE = """
            local taken = {}
            local room = tonumber(ARGV[3])
            for _, key in ipairs(KEYS) do
                if room <= 0 then break end
                local reply = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', room, 'NOACK',
                    'STREAMS', key, '>')
                if reply then
                    for _, entry in ipairs(reply[1][2]) do
                        redis.call('XDEL', key, entry[1])
                        taken[#taken + 1] = entry[2] and entry[2][2] or ''
                        room = room - 1
                    end
                end
            end
            return taken
            """;

    private final List<String> keys;
    private final Map<Priority, String> keyOf;

    /// @param space what tells the keys of this database's tasks from those of another
    TaskStreams(UUID space) {
        keyOf = new LinkedHashMap<>();
        List<Priority> priorities = Arrays.asList(Priority.values());
        Collections.reverse(priorities);
        // Braces: on whatever splits keys by their hash, these four stay together.
        priorities.forEach(p -> keyOf.put(p, "steward:{" + space + "}:tasks:" + p.number()));
        keys = List.copyOf(keyOf.values());
    }

    /// The streams' keys, the most urgent first.
    List<String> keys() {
        return keys;
    }

    /// Makes what is missing of the streams and their groups.
    void prepare(Jedis redis) {
        for (String key : keys) {
            try {
                redis.xgroupCreate(key, GROUP, new StreamEntryID(0, 0), true);
            } catch (JedisDataException e) {
                if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) { // It is there already.
                    throw e;
                }
            }
        }
    }

    /// Whether streams or groups are gone that were there: somebody has emptied Redis.
    static boolean emptied(JedisDataException failure) {
        String told = String.valueOf(failure.getMessage());
        return told.contains("NOGROUP") || told.contains("UNBLOCKED");
    }

    /// Adds ids, in one go.
    void add(Jedis redis, List<ReadyTask> tasks) {
        var bounded = XAddParams.xAddParams().maxLen(LENGTH_MAX).approximateTrimming();
        try (Pipeline pipeline = redis.pipelined()) {
            for (ReadyTask task : tasks) {
                pipeline.xadd(keyOf.get(task.priority()), bounded, Map.of(FIELD, text(task)));
            }
            for (Object reply : pipeline.syncAndReturnAll()) {
                if (reply instanceof JedisDataException refused) {
                    throw refused;
                }
            }
        }
    }

    /// Takes at most so many ids, the most urgent first, without waiting.
    List<ReadyTask> take(Jedis redis, String consumer, int most) {
        Object reply = redis.eval(TAKE, keys, List.of(GROUP, consumer, Integer.toString(most)));
        List<ReadyTask> taken = new ArrayList<>();
        for (Object text : (List<?>) reply) {
            parse(String.valueOf(text)).ifPresent(taken::add);
        }
        return taken;
    }

    /// Waits until there is an id, at most this long, and takes it; from several streams at once it may be several.
    List<ReadyTask> await(Jedis redis, String consumer, Duration longest) {
        var one = XReadGroupParams.xReadGroupParams()
                .count(1)
                .block(Math.toIntExact(longest.toMillis()))
                .noAck();
        Map<String, StreamEntryID> all = new LinkedHashMap<>();
        keys.forEach(key -> all.put(key, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        List<Map.Entry<String, List<StreamEntry>>> reply = redis.xreadGroup(GROUP, consumer, one, all);
        List<ReadyTask> taken = new ArrayList<>();
        if (reply != null) {
            for (Map.Entry<String, List<StreamEntry>> stream : reply) {
                for (StreamEntry entry : stream.getValue()) {
                    redis.xdel(stream.getKey(), entry.getID());
                    parse(entry.getFields().getOrDefault(FIELD, "")).ifPresent(taken::add);
                }
            }
        }
        return taken;
    }

    /// Removes readers that have been silent for long, and ids that were handed out but not deleted because their
    /// reader died between the two.
    void tidy(Jedis redis, String consumer) {
        for (String key : keys) {
            for (StreamConsumerInfo other : redis.xinfoConsumers2(key, GROUP)) {
                if (!other.getName().equals(consumer) && other.getIdle() > SILENT_MAX.toMillis()) {
                    redis.xgroupDelConsumer(key, GROUP, other.getName());
                }
            }
            redis.xinfoGroups(key).stream()
                    .filter(group -> group.getName().equals(GROUP))
                    .forEach(group -> redis.xtrim(
                            key,
                            XTrimParams.xTrimParams()
                                    .minId(group.getLastDeliveredId().toString())));
        }
    }

    /// This reader comes no more.
    void leave(Jedis redis, String consumer) {
        keys.forEach(key -> redis.xgroupDelConsumer(key, GROUP, consumer));
    }

    private static String text(ReadyTask task) {
        return task.owner().value() + " " + task.id().value() + " "
                + task.priority().number() + " " + task.type();
    }

    /// Empty for what no Steward has written: whatever stands in Redis is only a hint.
    private static Optional<ReadyTask> parse(String text) {
        String[] parts = text.split(" ", 4);
        if (parts.length < 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReadyTask(
                    new UserId(UUID.fromString(parts[0])),
                    new TaskId(UUID.fromString(parts[1])),
                    parts[3],
                    Priority.of(Integer.parseInt(parts[2]))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
