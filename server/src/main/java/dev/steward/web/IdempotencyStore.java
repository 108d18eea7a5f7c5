package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `idempotency_key`. All ages are in database time.
final class IdempotencyStore implements KeyRecords {

    private final JdbcClient jdbc;

    IdempotencyStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    @Override
    public KeyRecord bind(KeyRecord fresh) {
        // An expired row is taken over in place. The conflicting row is locked, so of two first requests one
        // inserts
        // and
        // the other waits for it and reads it below.
        jdbc.sql("""
                        insert into idempotency_key (owner, key_hash, route, body_hash, resource_id)
                        values (:owner, :keyHash, :route, :bodyHash, :resourceId)
                        on conflict (owner, key_hash) do update
                        set route = excluded.route, body_hash = excluded.body_hash,
                            resource_id = excluded.resource_id, answer = null, created = now()
                        where idempotency_key.created < now() - interval '24 hours'
                        """)
                .param("owner", fresh.owner())
                .param("keyHash", fresh.keyHash())
                .param("route", fresh.route())
                .param("bodyHash", fresh.bodyHash())
                .param("resourceId", fresh.resourceId())
                .update();
        return jdbc.sql("""
                        select owner, key_hash, route, body_hash, resource_id, answer
                        from idempotency_key
                        where owner = :owner and key_hash = :keyHash
                        """)
                .param("owner", fresh.owner())
                .param("keyHash", fresh.keyHash())
                .query((row, _) -> new KeyRecord(
                        row.getObject("owner", UUID.class),
                        row.getBytes("key_hash"),
                        row.getString("route"),
                        row.getBytes("body_hash"),
                        row.getObject("resource_id", UUID.class),
                        row.getBytes("answer")))
                .single();
    }

    @Override
    public void answer(KeyRecord bound, byte[] sealed) {
        jdbc.sql("""
                        update idempotency_key
                        set answer = :answer
                        where owner = :owner and key_hash = :keyHash and resource_id = :resourceId
                        """)
                .param("answer", sealed)
                .param("owner", bound.owner())
                .param("keyHash", bound.keyHash())
                .param("resourceId", bound.resourceId())
                .update();
    }

    @Override
    public int deleteExpired(int rowsMax) {
        return jdbc.sql("""
                        delete from idempotency_key
                        where (owner, key_hash) in (
                            select owner, key_hash from idempotency_key
                            where created < now() - interval '24 hours'
                            order by created
                            limit :rowsMax
                            for update skip locked)
                        """).param("rowsMax", rowsMax).update();
    }
}
