using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Plan;

namespace EdgeShelf.Fleet.Documents;

/// <summary>Reads one desired document. It does not stop at the first problem, so that a sender can correct all of them at once.</summary>
sealed class DesiredReader
{
    const int MaxUrl = 2048;
    const int MaxSignature = 512;
    const int MaxProblems = 50;

    readonly List<FleetProblem> _problems = [];

    /// <summary>The texts of <see cref="DocumentFields"/>, which knows no codes.</summary>
    readonly List<string> _texts = [];

    public static DesiredReading Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > DesiredDocument.MaxBytes)
            return Refused(FleetProblem.TooLarge, $"The document has {json.Length} bytes; at most {DesiredDocument.MaxBytes} are allowed. Send a large planogram by its address.");
        if (json.Span is [0xEF, 0xBB, 0xBF, ..])
            json = json[3..];
        if (JsonText.IsEmpty(json.Span))
            return Refused(FleetProblem.BadDocument, "The document is empty; a JSON object is needed.");
        if (JsonText.FindFault(json.Span, default, "document", "a JSON object is needed") is { } fault)
            return Refused(FleetProblem.BadDocument, $"The document is not valid, {fault}.");
        using JsonDocument document = JsonDocument.Parse(json);
        return new DesiredReader().Read(document.RootElement);
    }

    DesiredReading Read(JsonElement root)
    {
        DocumentFields fields = new(root, "", _texts, "schema", "version", "model", "planogram", "settings", "window");
        // Another schema may mean something else by the same words, so it is never guessed.
        if (fields.Integer("schema", int.MinValue, int.MaxValue, required: true) is { } schema && schema != 1)
            fields.Add($"schema is {schema}; 1 is needed. Update the program of this device for a newer one");
        int? version = fields.Integer("version", 1, int.MaxValue, required: true);
        DesiredDocument wanted = new(version ?? 0)
        {
            Model = ModelOf(fields),
            Planogram = PlanogramOf(root, fields),
            Settings = SettingsOf(root, fields),
            Window = WindowOf(fields),
        };
        _problems.InsertRange(0, _texts.Select(text => new FleetProblem(FleetProblem.BadDocument, Sentence(text))));
        return new DesiredReading(_problems.Count == 0 ? wanted : null, version, _problems.Count <= MaxProblems ? _problems : [.. _problems.Take(MaxProblems)]);
    }

    static DesiredModel? ModelOf(DocumentFields fields)
    {
        if (fields.Inner("model", "name", "version", "url", "sha256", "size", "signature") is not { } model)
            return null;
        string? name = model.Text("name", ModelName.Longest, required: true);
        if (name is not null && !ModelName.IsPlain(name))
            model.Add($"name is \"{DocumentFields.Cut(name)}\"; letters A to Z, digits, -, _ and . are allowed, and no . at the start");
        string? version = model.Text("version", 64, required: true);
        string? url = AddressOf(model);
        string? sha256 = HashOf(model);
        int? size = model.Integer("size", 1, DesiredDocument.MaxModelBytes, required: true);
        string? signature = model.Text("signature", MaxSignature);
        if (signature is not null && !Convert.TryFromBase64String(signature, new byte[MaxSignature], out _))
            model.Add($"signature is \"{DocumentFields.Cut(signature)}\"; base64 is needed, as `edgeshelf fleet sign` prints it");
        return new DesiredModel(name ?? "", version ?? "", url ?? "", sha256 ?? "", size ?? 0, signature);
    }

    DesiredPlanogram? PlanogramOf(JsonElement root, DocumentFields fields)
    {
        if (!fields.Has("planogram"))
            return null;
        JsonElement element = root.GetProperty("planogram");
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("url", out _))
        {
            DocumentFields planogram = fields.Inner("planogram", "url", "sha256")!;
            return new DesiredPlanogram(null, AddressOf(planogram), HashOf(planogram));
        }
        byte[] json = System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
        AddProblemsOfPlanogram(json, _problems);
        return new DesiredPlanogram(json, null, null);
    }

    /// <summary>Checks what can be checked of a planogram without the slots and labels of the device.</summary>
    public static PlanogramDocument? AddProblemsOfPlanogram(byte[] json, List<FleetProblem> problems)
    {
        try
        {
            return PlanogramDocument.Parse(json);
        }
        catch (PlanProblemsException refused)
        {
            problems.AddRange(refused.Problems.Select(problem => new FleetProblem(FleetProblem.BadPlanogram, Sentence($"planogram: {problem}"))));
            return null;
        }
    }

    Dictionary<string, string> SettingsOf(JsonElement root, DocumentFields fields)
    {
        Dictionary<string, string> settings = [];
        if (!fields.Has("settings"))
            return settings;
        JsonElement element = root.GetProperty("settings");
        if (element.ValueKind != JsonValueKind.Object)
        {
            fields.Add("settings is no object; an object with keys such as \"Capture:Interval\" is needed");
            return settings;
        }
        foreach (JsonProperty setting in element.EnumerateObject())
        {
            if (!FleetSettings.Allowed.Contains(setting.Name))
                Add(FleetProblem.SettingNotAllowed, $"settings: {DocumentFields.Cut(setting.Name)} cannot be set from afar; allowed are {string.Join(", ", FleetSettings.Allowed)}");
            else if (setting.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                settings[setting.Name] = setting.Value.ToString();
            else
                Add(FleetProblem.BadSetting, $"settings: {setting.Name} is no text, number, true or false");
        }
        return settings;
    }

    static ApplyWindow? WindowOf(DocumentFields fields)
    {
        if (fields.Text("window", 64) is not { } text)
            return null;
        if (!ApplyWindow.TryParse(text, out ApplyWindow? window))
            fields.Add($"window is \"{DocumentFields.Cut(text)}\"; {ApplyWindow.Allowed} are needed");
        return window;
    }

    static string? AddressOf(DocumentFields fields)
    {
        string? url = fields.Text("url", MaxUrl, required: true);
        if (url is not null && ProblemOfAddress(url) is { } problem)
            fields.Add($"url {problem}");
        return url;
    }

    /// <summary>Returns what is wrong with the text of an address, as the end of a sentence, or null. The computer behind it is checked when the device connects.</summary>
    public static string? ProblemOfAddress(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            ? $"is \"{DocumentFields.Cut(url)}\"; an address with http:// or https:// is needed"
            : uri.UserInfo.Length > 0 ? "has a user name in it; credentials must not be sent to all devices"
            : null;

    static string? HashOf(DocumentFields fields)
    {
        string? sha256 = fields.Text("sha256", 200, required: true);
        if (sha256 is null || (sha256.Length == 64 && sha256.All(char.IsAsciiHexDigit)))
            return sha256?.ToLowerInvariant();
        fields.Add($"sha256 is \"{DocumentFields.Cut(sha256)}\"; 64 hexadecimal digits are needed");
        return null;
    }

    void Add(string code, string text) => _problems.Add(new FleetProblem(code, Sentence(text)));

    static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";

    static DesiredReading Refused(string code, string message) => new(null, null, [new FleetProblem(code, message)]);
}
