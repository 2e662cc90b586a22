/// k-means on features: plain, residual and by groups, and the codes that frames get.
package org.duovox.units.kmeans;
