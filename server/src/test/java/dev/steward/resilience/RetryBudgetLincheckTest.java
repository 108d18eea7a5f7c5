package dev.steward.resilience;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/// No token is lost, and none is spent twice.
public class RetryBudgetLincheckTest {

    private final RetryBudget budget = new RetryBudget(() -> 0L);

    public RetryBudgetLincheckTest() {
        for (int i = 1; i < RetryBudget.TOKENS_MAX; i++) {
            budget.tryRetry();
        }
    }

    @Operation
    public void called() {
        budget.called();
    }

    @Operation
    public boolean tryRetry() {
        return budget.tryRetry();
    }

    @Operation
    public int tokens() {
        return budget.tokens();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(6)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .check(RetryBudgetLincheckTest.class);
    }
}
