package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Permission;
import dev.steward.base.StewardException;
import dev.steward.web.AuthCookies;
import dev.steward.web.ClientAddress;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Registering, signing in and out.
@RestController
@RequestMapping("/api/v1/auth")
final class AuthController {

    /// A new account.
    record Registration(
            @Schema(format = "email", maxLength = Email.LENGTH_MAX)
            String email,

            @Schema(minLength = PasswordRules.LENGTH_MIN, maxLength = PasswordRules.LENGTH_MAX)
            String password,

            @Schema(minLength = 1, maxLength = Accounts.NAME_LENGTH_MAX, pattern = Accounts.NAME_PATTERN)
            String displayName) {}

    /// Proof of who one is.
    record SignIn(
            @Schema(format = "email", maxLength = Email.LENGTH_MAX)
            String email,

            String password,

            @Schema(description = "Code of an authenticator, where the account asks for one.") @Nullable String totp) {}

    /// A refresh token, for clients that keep no cookies.
    record RefreshToken(@Nullable String refreshToken) {}

    /// An open session. The refresh token is in a cookie.
    record SessionView(UserView user, String accessToken, long expiresInMs) {}

    /// Who may make an account now.
    ///
    /// @param firstAccount whether nobody has one yet: the next one is the administrator's
    /// @param registration `open` or `closed`, for everybody after the first
    record Doors(boolean firstAccount, AuthConfig.Registration registration) {}

    private final Accounts accounts;
    private final Sessions sessions;
    private final AccessTokens tokens;
    private final AuthConfig config;
    private final AuthCookies cookies;
    private final ClientAddress addresses;

    AuthController(
            Accounts accounts,
            Sessions sessions,
            AccessTokens tokens,
            AuthConfig config,
            AuthCookies cookies,
            ClientAddress addresses) {
        this.accounts = requireNonNull(accounts, "accounts");
        this.sessions = requireNonNull(sessions, "sessions");
        this.tokens = requireNonNull(tokens, "tokens");
        this.config = requireNonNull(config, "config");
        this.cookies = requireNonNull(cookies, "cookies");
        this.addresses = requireNonNull(addresses, "addresses");
    }

    @GetMapping
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Say who may make an account")
    Doors doors() {
        return new Doors(accounts.none(), config.registration());
    }

    @PostMapping("/register")
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.AUTH, idempotency = Idempotency.NONE)
    @Operation(summary = "Make an account; the first one is the administrator's")
    SessionView register(@RequestBody Registration body, HttpServletRequest request, HttpServletResponse response) {
        cookies.refuseOtherSites(request);
        return view(
                accounts.register(body.email(), body.password(), body.displayName(), client(request)),
                request,
                response);
    }

    @PostMapping("/login")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.AUTH, idempotency = Idempotency.NONE)
    @Operation(summary = "Open a session")
    SessionView login(@RequestBody SignIn body, HttpServletRequest request, HttpServletResponse response) {
        cookies.refuseOtherSites(request);
        return view(accounts.signIn(body.email(), body.password(), client(request)), request, response);
    }

    @PostMapping("/refresh")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.AUTH, idempotency = Idempotency.NONE)
    @Operation(summary = "Carry a session on with a new access token")
    SessionView refresh(
            @RequestBody(required = false) @Nullable RefreshToken body,
            HttpServletRequest request,
            HttpServletResponse response) {
        String token = token(body, request)
                .orElseThrow(() -> new StewardException(ErrorCode.UNAUTHORIZED, "Sign in: there is no refresh token."));
        return view(sessions.refresh(token, client(request)), request, response);
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.AUTH, idempotency = Idempotency.NONE)
    @Operation(summary = "End a session")
    void logout(
            @RequestBody(required = false) @Nullable RefreshToken body,
            HttpServletRequest request,
            HttpServletResponse response) {
        token(body, request).ifPresent(sessions::signOut);
        cookies.clear(request, response);
    }

    private Optional<String> token(@Nullable RefreshToken body, HttpServletRequest request) {
        if (body != null && body.refreshToken() != null) {
            return Optional.of(body.refreshToken());
        }
        return cookies.refreshToken(request);
    }

    private SessionView view(SignedIn session, HttpServletRequest request, HttpServletResponse response) {
        cookies.set(
                request,
                response,
                session.access(),
                tokens.life(),
                session.refresh(),
                session.csrf(),
                config.sessionIdle());
        return new SessionView(
                UserView.of(session.account()), session.access(), tokens.life().toMillis());
    }

    private Client client(HttpServletRequest request) {
        String name = request.getHeader("User-Agent");
        return new Client(name == null ? "" : name, addresses.of(request));
    }
}
