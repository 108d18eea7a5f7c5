package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agents;
import dev.steward.base.Permission;
import dev.steward.models.ModelGateway;
import dev.steward.web.Endpoint.RateClass;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `GET /v1/models` and `GET /v1/models/{id}`: every agent and every model that a backend serves now,
/// those that make vectors last.
final class ModelListServlet extends DoorServlet {

    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final transient Door door;
    private final transient ModelGateway models;

    ModelListServlet(Door door, ModelGateway models) {
        super("GET");
        this.door = requireNonNull(door, "door");
        this.models = requireNonNull(models, "models");
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        door.admit(request, Permission.READ, RateClass.READ);
        List<ObjectNode> all = new ArrayList<>();
        Agents.ALL.forEach(agent -> all.add(model(Requested.AGENT_PREFIX + agent.name(), "steward")));
        Stream.concat(models.served().stream(), models.embedders().stream())
                .forEach(model ->
                        all.add(model(model.ref().toString(), model.ref().backend())));
        String path = request.getPathInfo();
        byte[] body = JSON.writeValueAsBytes(path == null || path.equals("/") ? list(all) : one(all, named(path)));
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /// The name behind the slash; clients encode the slashes in it, or do not.
    private static String named(String path) {
        return path.substring(1).replace("%2F", "/").replace("%2f", "/");
    }

    private static ObjectNode list(List<ObjectNode> all) {
        ObjectNode root = JSON.createObjectNode();
        root.put("object", "list");
        root.putArray("data").addAll(all);
        return root;
    }

    private static ObjectNode one(List<ObjectNode> all, String id) {
        return all.stream()
                .filter(model -> model.path("id").asString("").equals(id))
                .findFirst()
                .orElseThrow(() -> ModelNames.unknown(id));
    }

    private static ObjectNode model(String id, String owner) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", owner);
    }
}
