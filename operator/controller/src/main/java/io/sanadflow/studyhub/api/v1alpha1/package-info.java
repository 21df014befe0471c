/** The custom resources as people write them: their fields, defaults and admission rules. */
@org.jspecify.annotations.NullMarked
package io.sanadflow.studyhub.api.v1alpha1;
