package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `reminder_conversation`.
final class ReminderStore {

    private final JdbcClient jdbc;

    ReminderStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    Optional<UUID> find(UserId owner) {
        return jdbc.sql("select conversation from reminder_conversation where owner = :owner")
                .param("owner", owner.value())
                .query(UUID.class)
                .optional();
    }

    /// Remembers the conversation, unless another is remembered since `before` was read.
    ///
    /// @return the one that is remembered now
    UUID remember(UserId owner, Optional<UUID> before, UUID conversation) {
        return jdbc.sql("""
                        insert into reminder_conversation as r (owner, conversation) values (:owner, :conversation)
                        on conflict (owner) do update
                            set conversation = case when r.conversation = cast(:before as uuid)
                                                    then excluded.conversation else r.conversation end
                        returning conversation
                        """)
                .param("owner", owner.value())
                .param("conversation", conversation)
                .param("before", before.orElse(null))
                .query(UUID.class)
                .single();
    }
}
