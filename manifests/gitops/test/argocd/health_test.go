// Package argocd runs the health scripts by Argo CD's own evaluator, over the cases beside them.
package argocd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/gitops-engine/pkg/health"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// The format is that of health_test.yaml in Argo CD's resource_customizations.
type cases struct {
	Tests []struct {
		InputPath    string              `json:"inputPath"`
		HealthStatus health.HealthStatus `json:"healthStatus"`
	} `json:"tests"`
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(path, err)
	}
}

func TestHealth(t *testing.T) {
	scripts, err := filepath.Glob("../../argocd/sanadflow.io/*/health.lua")
	if err != nil || len(scripts) != 3 {
		t.Fatal(scripts, err)
	}
	for _, path := range scripts {
		directory := filepath.Dir(path)
		kind := filepath.Base(directory)
		script, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// As Argo CD reads it from argocd-cm.
		vm := lua.VM{ResourceOverrides: map[string]v1alpha1.ResourceOverride{"sanadflow.io/" + kind: {HealthLua: string(script)}}}
		var wanted cases
		read(t, filepath.Join(directory, "health_test.yaml"), &wanted)
		files, _ := filepath.Glob(filepath.Join(directory, "testdata", "*.yaml"))
		if len(files) != len(wanted.Tests) {
			t.Errorf("%s: %d files, %d cases", kind, len(files), len(wanted.Tests))
		}
		for _, it := range wanted.Tests {
			t.Run(kind+"/"+it.InputPath, func(t *testing.T) {
				object := &unstructured.Unstructured{}
				read(t, filepath.Join(directory, it.InputPath), &object.Object)
				script, openLibs, err := vm.GetHealthScript(object)
				if err != nil {
					t.Fatal(err)
				}
				vm.UseOpenLibs = openLibs
				found, err := vm.ExecuteHealthLua(object, script)
				if err != nil {
					t.Fatal(err)
				}
				if *found != it.HealthStatus {
					t.Errorf("%s is %+v, not %+v", it.InputPath, *found, it.HealthStatus)
				}
			})
		}
	}
}
