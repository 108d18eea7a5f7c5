package dev.steward.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Permission;
import dev.steward.base.Role;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.web.Endpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Tries every endpoint of a running stack as everybody: each role gets in exactly where the endpoint's declaration
/// says so, and an id of somebody else's is answered like one that does not exist.
public final class EndpointMatrix {

    private final ApiFixture api;
    private final List<Route> routes = new ArrayList<>();

    /// One mapped endpoint.
    ///
    /// @param accept the format that it gives, where a path has one method for each
    public record Route(String method, String path, String accept, Endpoint endpoint) {

        boolean hasId() {
            return path.contains("{");
        }

        String with(String id) {
            return path.replaceAll("\\{[^/}]+}", id);
        }
    }

    /// Something that a path names.
    ///
    /// @param of     makes one that belongs to a user, and gives its id
    /// @param bodies a body that would pass, for methods that need more than `{}`: `"POST /api/v1/…/retry"` to body
    public record Resource(Function<TestUser, String> of, Map<String, String> bodies) {

        public Resource {
            bodies = Map.copyOf(bodies);
        }

        public static Resource of(Function<TestUser, String> maker) {
            return new Resource(maker, Map.of());
        }

        /// What nobody owns: it is there for everybody who may ask, and only an unknown name is missing.
        public static Resource shared() {
            return of(_ -> UUID.randomUUID().toString());
        }
    }

    public EndpointMatrix(ApiFixture api) {
        this.api = api;
        var mappings = api.context().getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        mappings.getHandlerMethods().forEach(this::add);
        assertThat(routes).as("mapped endpoints").isNotEmpty();
    }

    private void add(RequestMappingInfo mapping, HandlerMethod method) {
        if (!method.getBeanType().getPackageName().startsWith("dev.steward")) {
            return;
        }
        Endpoint endpoint = method.getMethodAnnotation(Endpoint.class);
        requireNonNull(endpoint, () -> method + " does not declare what it asks of callers");
        for (String path : mapping.getPatternValues()) {
            String accept = mapping.getProducesCondition().getProducibleMediaTypes().stream()
                    .map(MediaType::toString)
                    .findFirst()
                    .orElse("*/*");
            for (RequestMethod verb : mapping.getMethodsCondition().getMethods()) {
                routes.add(new Route(verb.name(), path, accept, endpoint));
            }
        }
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /// Nobody gets 401 or 403 who may, and everybody else does. Ids in paths are random, bodies empty objects: what
    /// comes after the door does not matter here.
    public void checkPermissions() {
        Map<Role, TestUser> users = new EnumMap<>(Role.class);
        // The one that stays, so that the others' attempts to delete themselves are nobody's last administrator.
        api.user(Role.ADMIN);
        for (Route route : routes) {
            if (route.endpoint().permission() == Permission.PUBLIC) {
                continue;
            }
            assertThat(call(route, ApiFixture.ANONYMOUS).status())
                    .as("%s by nobody", route)
                    .isEqualTo(401);
            for (Role role : Role.values()) {
                // A fresh account for calls that end accounts or sessions.
                TestUser user = route.method().equals("DELETE") || route.path().endsWith("/password")
                        ? api.user(role)
                        : users.computeIfAbsent(role, api::user);
                int status = call(route, user).status();
                boolean may = role.may(route.endpoint().permission());
                if (may) {
                    assertThat(status).as("%s by %s", route, role).isNotIn(401, 403);
                } else {
                    assertThat(status).as("%s by %s", route, role).isEqualTo(403);
                }
            }
        }
    }

    /// An owner's id shown by another user and a random id get the same answer, 404, but for the ids in it. A path
    /// with an id that `resources` does not name fails the test.
    ///
    /// @param resources for each path with an id, or the part of it that ends with the id
    public void checkForeignIds(Map<String, Resource> resources) {
        TestUser owner = api.user(Role.ADMIN);
        Map<Role, TestUser> strangers = new EnumMap<>(Role.class);
        for (Route route : routes) {
            if (!route.hasId()) {
                continue;
            }
            Resource resource = resource(resources, route);
            // Operators see more than their own: the stranger is the least of those who may ask at all.
            TestUser stranger =
                    strangers.computeIfAbsent(leastOf(route.endpoint().permission()), api::user);
            String foreign = resource.of().apply(owner);
            String random = UUID.randomUUID().toString();
            String body = resource.bodies().getOrDefault(route.method() + " " + route.path(), "{}");
            Answer toForeign = call(route, stranger, foreign, body);
            Answer toRandom = call(route, stranger, random, body);
            assertThat(toForeign.status()).as("%s of somebody else", route).isEqualTo(404);
            assertThat(toForeign.header("Content-Type")).as("%s", route).startsWith("application/problem+json");
            assertThat(stable(toForeign, foreign)).as("%s", route).isEqualTo(stable(toRandom, random));
        }
    }

    private static Resource resource(Map<String, Resource> resources, Route route) {
        String prefix = route.path().substring(0, route.path().indexOf('}') + 1);
        Resource whole = resources.get(route.path());
        return requireNonNull(
                whole == null ? resources.get(prefix) : whole, () -> "no way to make what " + route + " names");
    }

    private static Role leastOf(Permission permission) {
        for (Role role : Role.values()) {
            if (role.may(permission)) {
                return role;
            }
        }
        throw new AssertionError("nobody may " + permission);
    }

    private static String stable(Answer answer, String id) {
        return answer.body().replace(id, "ID").replaceAll("\"request_id\":\"[^\"]*\"", "");
    }

    private Answer call(Route route, TestUser user) {
        return call(route, user, UUID.randomUUID().toString(), "{}");
    }

    private Answer call(Route route, TestUser user, String id, String body) {
        boolean takesBody = List.of("POST", "PUT", "PATCH").contains(route.method());
        Map<String, String> headers = Map.of("Accept", route.accept());
        return api.send(route.method(), route.with(id), user, headers, takesBody ? body : null);
    }
}
