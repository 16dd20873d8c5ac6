using System.Text.Json;

namespace EdgeShelf.Models;

/// <summary>Rules that a manifest must satisfy before it is used.</summary>
static class ManifestRules
{
    const int NewestSchema = 1;

    /// <summary>Lists the problems of a manifest, each with the value found and the values allowed. The list is empty for a valid manifest.</summary>
    public static IEnumerable<string> Problems(ModelManifest manifest)
    {
        if (manifest.Schema is < 1 or > NewestSchema)
            yield return $"schema is {manifest.Schema}; this version knows 1 to {NewestSchema}";
        string[] odd = [.. KeysNotUnderstood(manifest)];
        if (odd.Length > 0)
            yield return $"this version does not understand {string.Join(", ", odd)}; what a key asks for would not be done";
        foreach ((string key, string text) in new[] { ("name", manifest.Name), ("version", manifest.Version) })
        {
            if (LabelText.Problem(text) is { } problem)
                yield return $"{key} \"{LabelText.Show(text)}\" {problem}";
        }

        foreach (string name in new[] { ModelManifest.ModelFileName, ModelManifest.LabelsFileName })
        {
            if (!manifest.Files.ContainsKey(name))
                yield return $"files does not list {name}";
        }

        // A manifest from another source must not make the service read files outside the model folder.
        foreach (string name in manifest.Files.Keys.Append(manifest.Golden?.Picture ?? ""))
        {
            if (LabelText.Problem(name) is not null && name.Length > 0)
                yield return $"files names {LabelText.Show(name)}, which {LabelText.Problem(name)}";
            if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
                yield return $"files names {name}; only files inside the folder are allowed";
        }

        if (manifest.Golden is { } golden && (golden.Top.Count == 0 || !manifest.Files.ContainsKey(golden.Picture)))
            yield return $"golden needs a picture that files lists and at least one label; it names {golden.Picture} and {golden.Top.Count} labels";
        if (manifest.Golden is { Tolerance: not (> 0 and <= 1) })
            yield return $"golden.tolerance is {manifest.Golden.Tolerance}; above 0 to 1 is allowed";

        foreach (string label in manifest.Taught ?? [])
        {
            if (LabelText.Problem(label) is { } problem)
                yield return $"taught names \"{LabelText.Show(label)}\", which {problem}";
        }
        foreach (string problem in InputProblems(manifest.Input))
            yield return problem;
        if (!(manifest.Temperature is >= 0.05 and <= 20))
            yield return $"temperature is {manifest.Temperature}; 0.05 to 20 is allowed";
        if (manifest.Unknown is { } unknown && !(unknown.MinLikeness is >= 0 and <= 1 && manifest.Files.ContainsKey(Prototypes.FileName) && manifest.Outputs.Features is not null))
            yield return $"unknown.min_likeness is {unknown.MinLikeness}; 0 to 1, a file {Prototypes.FileName} in files and a name in outputs.features are needed";
        if (manifest.Outputs.Descriptor is not null != manifest.Files.ContainsKey(DescriptorMean.FileName))
        {
            yield return $"outputs.descriptor is {manifest.Outputs.Descriptor ?? "not given"} and files {(manifest.Outputs.Descriptor is null ? "lists" : "does not list")} {DescriptorMean.FileName}; "
                + "a model has both or neither";
        }

        if (manifest.Review is not { MinConfidence: >= 0 and <= 1, MinMargin: >= 0 and <= 1 })
            yield return $"review.min_confidence is {manifest.Review.MinConfidence} and review.min_margin {manifest.Review.MinMargin}; 0 to 1 is allowed";
    }

    /// <summary>Lists problems as <see cref="Problems"/> does, for the input that the network expects.</summary>
    public static IEnumerable<string> InputProblems(ModelInput input)
    {
        if (input.Type is not ("uint8" or "float32"))
            yield return $"input.type is {input.Type}; uint8 or float32 is allowed";
        if (input.Type == "uint8" && !(input.Scale > 0 && double.IsFinite(input.Scale) && input.ZeroPoint is >= 0 and <= 255))
            yield return $"input.scale is {input.Scale} and input.zero_point {input.ZeroPoint}; a scale above 0 and a zero point from 0 to 255 are needed";
        if (input.Crop is < 32 or > 1024 || input.Resize is < 32 or > 2048)
            yield return $"input.crop is {input.Crop} and input.resize {input.Resize}; crop from 32 to 1024 and resize from 32 to 2048 are allowed";
        else if (input.Resize < input.Crop)
            yield return $"input.resize is {input.Resize} and input.crop {input.Crop}; the crop is cut from the resized picture, so resize must not be less";
        if (input.Mean.Count != 3 || input.Std.Count != 3 || input.Std.Any(std => !(std > 0)))
            yield return "input.mean and input.std need three numbers each, the latter above 0";
    }

    static IEnumerable<string> KeysNotUnderstood(ModelManifest manifest)
    {
        (string Prefix, IDictionary<string, JsonElement>? Keys)[] parts =
        [
            ("", manifest.NotUnderstood), ("input.", manifest.Input.NotUnderstood), ("outputs.", manifest.Outputs.NotUnderstood), ("review.", manifest.Review.NotUnderstood),
            ("unknown.", manifest.Unknown?.NotUnderstood), ("golden.", manifest.Golden?.NotUnderstood),
        ];
        return parts.SelectMany(part => (part.Keys?.Keys ?? []).Select(key => LabelText.Show(part.Prefix + key)));
    }
}
