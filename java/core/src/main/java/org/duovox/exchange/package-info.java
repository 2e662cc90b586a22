/// Units and features in the formats of other toolkits, without loss where the format can carry it.
package org.duovox.exchange;
