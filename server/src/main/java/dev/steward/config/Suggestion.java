package dev.steward.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody meant to write.
public final class Suggestion {

    private Suggestion() {}

    /// ` Did you mean …?`, or nothing when no candidate is near.
    public static String of(String written, Collection<String> candidates) {
        return nearest(written, candidates)
                .map(near -> " Did you mean " + near + "?")
                .orElse("");
    }

    /// At most a third of the letters may differ, and never more than three.
    private static Optional<String> nearest(String written, Collection<String> candidates) {
        int limit = Math.min(3, Math.max(1, written.length() / 3));
        return candidates.stream()
                .filter(c -> distance(written, c) <= limit)
                .min(Comparator.comparingInt((String c) -> distance(written, c)).thenComparing(c -> c));
    }

    /// Letters to insert, remove, replace or swap (optimal string alignment).
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
