/**
 * The resolved hub: immutable records without nulls, made from the spec once and read by everything
 * after.
 */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.model;
