package dev.steward.schedules;

import dev.steward.base.IdSource;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.identity.Accounts;
import dev.steward.tasks.TaskQueue;
import dev.steward.testing.ApiFixture;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/// The room as its module builds it, on a test's database, with a clock that the test sets.
public final class ScheduleRooms {

    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T14:00:00Z"));
    public final SpokenSchedules spoken;
    final Schedules schedules;

    public ScheduleRooms(ApiFixture api, TaskQueue queue) {
        schedules = new Schedules(
                new ScheduleStore(api.postgres().jdbc()),
                queue,
                api.bean(Accounts.class),
                ApiFixture.defaults(SchedulesConfig.SECTION),
                new Transactions(api.postgres().transactions()),
                api.bean(IdSource.class),
                now::get,
                () -> {});
        spoken = new SpokenSchedules(schedules, JsonMapper.shared());
    }

    /// What a person has coming: what, and by which rule from when.
    public List<String> ahead(UserId owner) {
        return schedules.ahead(owner, 100).stream()
                .map(s -> s.work().type() + " " + s.work().description() + " "
                        + s.timing().expression() + " " + s.timing().starts() + " "
                        + s.timing().zone())
                .toList();
    }
}
