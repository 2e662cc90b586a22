/// Compares systems over seeds and items: effects with intervals, p values corrected by Holm, and
/// the smallest effect a design could have seen.
package org.duovox.eval.compare;
