package dev.steward.identity;

import dev.steward.base.IdSource;
import dev.steward.base.InputRules;
import dev.steward.database.BatchCleaner;
import dev.steward.database.Peers;
import dev.steward.database.Transactions;
import dev.steward.web.AuthCookies;
import dev.steward.web.Authenticator;
import dev.steward.web.ClientAddress;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Builds accounts, sessions, tokens and API keys.
@Configuration(proxyBeanMethods = false)
public class IdentityModule {

    private final SecureRandom random = new SecureRandom();

    @Bean
    AccountStore accountStore(JdbcClient jdbc) {
        return new AccountStore(jdbc);
    }

    @Bean
    SessionStore sessionStore(JdbcClient jdbc) {
        return new SessionStore(jdbc);
    }

    @Bean
    ApiKeyStore apiKeyStore(JdbcClient jdbc) {
        return new ApiKeyStore(jdbc);
    }

    @Bean
    AuthKeyStore authKeyStore(JdbcClient jdbc) {
        return new AuthKeyStore(jdbc, random);
    }

    @Bean
    AccessTokens accessTokens(AuthKeyStore keys, InstantSource clock, AuthConfig config) {
        return new AccessTokens(keys, clock, config.accessToken());
    }

    @Bean
    PrincipalCache principalCache() {
        return new PrincipalCache(System::nanoTime);
    }

    @Bean
    AuthFailures authFailures(MeterRegistry metrics) {
        return new AuthFailures(metrics);
    }

    @Bean
    Sessions sessions(
            SessionStore store,
            AccountStore accounts,
            AccessTokens tokens,
            AuthKeyStore keys,
            PrincipalCache cache,
            TransactionTemplate transactions,
            IdSource ids,
            AuthConfig config,
            AuthFailures failures) {
        return new Sessions(
                store, accounts, tokens, keys, cache, new Transactions(transactions), ids, config, random, failures);
    }

    @Bean
    ApiKeys apiKeys(ApiKeyStore store, PrincipalCache cache) {
        return new ApiKeys(store, cache, random);
    }

    @Bean
    PasswordHasher passwordHasher() {
        return new PasswordHasher(random);
    }

    @Bean
    LocalKey localKey(
            AccountStore accounts,
            ApiKeyStore keys,
            PasswordHasher hasher,
            TransactionTemplate transactions,
            IdSource ids) {
        return new LocalKey(accounts, keys, hasher, new Transactions(transactions), ids, random);
    }

    @Bean
    Accounts accounts(
            AccountStore store,
            SessionStore sessionStore,
            Sessions sessions,
            InputRules rules,
            PasswordHasher hasher,
            PrincipalCache cache,
            TransactionTemplate transactions,
            IdSource ids,
            AuthConfig config,
            AuthFailures failures,
            ObjectProvider<AccountListener> listeners) {
        return new Accounts(
                store,
                sessionStore,
                sessions,
                new PasswordRules(),
                rules,
                hasher,
                new SignInThrottle(System::nanoTime),
                cache,
                new Transactions(transactions),
                ids,
                config,
                failures,
                List.copyOf(listeners.orderedStream().toList()));
    }

    @Bean
    Authenticator authenticator(
            AccessTokens tokens,
            SessionStore sessionStore,
            ApiKeyStore apiKeyStore,
            PrincipalCache cache,
            Sessions sessions,
            AuthFailures failures) {
        return new CredentialCheck(tokens, sessionStore, apiKeyStore, cache, sessions, failures);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    BatchCleaner sessionCleaner(SessionStore sessions, Peers peers) {
        return new BatchCleaner("ended sessions", Duration.ofHours(1), sessions::deleteEnded, peers::leads);
    }

    @Bean
    AuthController authController(
            Accounts accounts,
            Sessions sessions,
            AccessTokens tokens,
            AuthConfig config,
            AuthCookies cookies,
            ClientAddress addresses) {
        return new AuthController(accounts, sessions, tokens, config, cookies, addresses);
    }

    @Bean
    MeController meController(Accounts accounts, Sessions sessions, AuthCookies cookies, ClientAddress addresses) {
        return new MeController(accounts, sessions, cookies, addresses);
    }

    @Bean
    ApiKeysController apiKeysController(ApiKeys keys, InstantSource clock, InputRules rules) {
        return new ApiKeysController(keys, clock, rules);
    }

    @Bean
    UsersController usersController(Accounts accounts) {
        return new UsersController(accounts);
    }
}
