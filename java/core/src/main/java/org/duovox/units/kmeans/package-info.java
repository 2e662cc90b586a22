/// k-means on features, plain, residual and by groups.
package org.duovox.units.kmeans;
