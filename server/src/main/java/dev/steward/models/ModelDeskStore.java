package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tables `model_backend` and `model_chain`.
final class ModelDeskStore {

    private final JdbcClient jdbc;

    ModelDeskStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// A connected server as it is stored.
    ///
    /// @param id        the id of the request that made it
    /// @param sealedKey null: it needs no key
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Row(
            UUID id,
            String name,
            Backend.Kind kind,
            URI url,
            byte @Nullable [] sealedKey,
            Backend.Privacy privacy,
            Backend.Cost cost) {}

    /// Every connected server, the one that was connected first in front.
    List<Row> backends() {
        return jdbc.sql("""
                select id, name, kind, url, api_key, privacy, cost
                from model_backend
                order by created, name
                limit :max
                """)
                .param("max", BackendsSettings.BACKENDS_MAX)
                .query(ModelDeskStore::row)
                .list();
    }

    Optional<Row> backend(String name) {
        return jdbc.sql("""
                select id, name, kind, url, api_key, privacy, cost
                from model_backend
                where name = :name
                """).param("name", name).query(ModelDeskStore::row).optional();
    }

    /// @return whether it is new; false: there is one of that name
    boolean insert(Row row) {
        return jdbc.sql("""
                                insert into model_backend (id, name, kind, url, api_key, privacy, cost)
                                select :id, :name, :kind, :url, :api_key, :privacy, :cost
                                where (select count(*) from model_backend) < :max
                                on conflict (name) do nothing
                                """)
                        .param("id", row.id())
                        .param("name", row.name())
                        .param("kind", row.kind().name())
                        .param("url", row.url().toString())
                        .param("api_key", row.sealedKey())
                        .param("privacy", row.privacy().name())
                        .param("cost", row.cost().name())
                        .param("max", BackendsSettings.BACKENDS_MAX)
                        .update()
                > 0;
    }

    /// @return whether there is one of that name
    boolean update(Row row) {
        return jdbc.sql("""
                                update model_backend
                                set url = :url, api_key = :api_key, privacy = :privacy, cost = :cost, updated = now()
                                where name = :name
                                """)
                        .param("name", row.name())
                        .param("url", row.url().toString())
                        .param("api_key", row.sealedKey())
                        .param("privacy", row.privacy().name())
                        .param("cost", row.cost().name())
                        .update()
                > 0;
    }

    /// Deletes a server and takes its models out of every stored order; an order that is empty then goes as well.
    /// To be called in a transaction.
    ///
    /// @return whether there was one of that name
    boolean delete(String name) {
        int deleted = jdbc.sql("delete from model_backend where name = :name")
                .param("name", name)
                .update();
        jdbc.sql("""
                delete from model_chain
                where not exists (select 1 from unnest(models) m where not starts_with(m, :prefix))
                """).param("prefix", name + "/").update();
        jdbc.sql("""
                update model_chain
                set models = (
                        select array_agg(m order by place)
                        from unnest(models) with ordinality as u (m, place)
                        where not starts_with(m, :prefix)),
                    updated = now()
                where exists (select 1 from unnest(models) m where starts_with(m, :prefix))
                """).param("prefix", name + "/").update();
        return deleted > 0;
    }

    /// Every stored order of failover by its scope.
    Map<String, List<ModelRef>> chains() {
        return jdbc
                .sql("select scope, models from model_chain")
                .query((row, _) -> Map.entry(row.getString("scope"), models(row)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    void putChain(String scope, List<ModelRef> models) {
        jdbc.sql("""
                insert into model_chain (scope, models)
                values (:scope, :models)
                on conflict (scope) do update set models = excluded.models, updated = now()
                """)
                .param("scope", scope)
                .param("models", models.stream().map(ModelRef::toString).toArray(String[]::new))
                .update();
    }

    void removeChain(String scope) {
        jdbc.sql("delete from model_chain where scope = :scope")
                .param("scope", scope)
                .update();
    }

    private static List<ModelRef> models(ResultSet row) throws SQLException {
        String[] texts = (String[]) row.getArray("models").getArray();
        return Arrays.stream(texts).map(ModelRef::parse).toList();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Backend.Kind.valueOf(row.getString("kind")),
                URI.create(row.getString("url")),
                row.getBytes("api_key"),
                Backend.Privacy.valueOf(row.getString("privacy")),
                Backend.Cost.valueOf(row.getString("cost")));
    }
}
