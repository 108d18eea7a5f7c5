package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agents;
import dev.steward.base.Permission;
import dev.steward.base.StewardException;
import dev.steward.models.ModelGateway;
import dev.steward.web.Endpoint.RateClass;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /v1/models`: every agent and every model that a backend serves now.
final class ModelListServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final transient Door door;
    private final transient ModelGateway models;

    ModelListServlet(Door door, ModelGateway models) {
        this.door = requireNonNull(door, "door");
        this.models = requireNonNull(models, "models");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            door.admit(request, Permission.READ, RateClass.READ);
        } catch (StewardException e) {
            OpenAiErrors.send(response, e);
            return;
        }
        ObjectNode root = JSON.createObjectNode();
        root.put("object", "list");
        ArrayNode data = root.putArray("data");
        Agents.ALL.forEach(agent -> add(data, Requested.AGENT_PREFIX + agent.name(), "steward"));
        models.served()
                .forEach(model -> add(data, model.ref().toString(), model.ref().backend()));
        byte[] body = JSON.writeValueAsBytes(root);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void add(ArrayNode data, String id, String owner) {
        data.addObject().put("id", id).put("object", "model").put("created", 0).put("owned_by", owner);
    }
}
