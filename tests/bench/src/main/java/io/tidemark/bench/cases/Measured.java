package io.tidemark.bench.cases;

import io.tidemark.bench.measure.Quantity;
import java.util.Map;

/**
 * What one run of a case found.
 *
 * @param othersShare part of the machine that others used meanwhile
 */
public record Measured(
    Map<Quantity, Double> values, double othersShare, int warmUpPasses, boolean isSteady) {}
