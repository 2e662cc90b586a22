/// sSIMI as a user meets it: folders of data sets and submissions, their check, and the choice of a
/// model's layer, channel, pooling and distance on dev before test is scored once.
package org.duovox.eval.ssimi;
