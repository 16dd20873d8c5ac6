using System.Text.Json.Nodes;
using EdgeShelf.Capture.Cameras;

namespace EdgeShelf.Cli.Setup;

/// <summary>What a person or a file answered. A part that is null was skipped: its settings stay as they are.</summary>
sealed record SetupAnswers
{
    public CameraAnswer? Camera { get; init; }
    public BrokerAnswer? Broker { get; init; }

    /// <summary>The device's name.</summary>
    public string? Device { get; init; }

    /// <summary>The GPIO line of the button, and of the light.</summary>
    public int? Button { get; init; }
    public int? Light { get; init; }

    /// <summary>Whether phones in the network may open the page, with a code.</summary>
    public bool? PageInNetwork { get; init; }

    /// <summary>The group of the fleet to which the device belongs.</summary>
    public string? Group { get; init; }

    /// <summary>Certificates and keys that the answers hold themselves.</summary>
    public IReadOnlyList<SetupFile> Files { get; init; } = [];

    /// <summary>Further settings, as sections of a configuration file.</summary>
    public JsonObject? Settings { get; init; }

    /// <summary>The settings that follow from the answers, in the order in which they are written. A null removes the key.</summary>
    /// <param name="folder">The folder of <see cref="Files"/>.</param>
    public IEnumerable<KeyValuePair<string, JsonNode?>> ToSettings(string folder)
    {
        foreach ((string key, JsonNode? value) in (Camera?.ToSettings() ?? []).Concat(Broker?.ToSettings() ?? []))
            yield return new(key, value);
        if (Device is not null)
            yield return new("Publish:Device", Device);
        if (Button is { } button)
            yield return new("Capture:Gpio:Button:Line", button);
        if (Light is { } light)
            yield return new("Capture:Gpio:Led:Line", light);
        if (PageInNetwork is { } inNetwork)
            yield return new("Web:Address", inNetwork ? "0.0.0.0" : "127.0.0.1");
        if (Group is not null)
            yield return new("Fleet:Group", Group);
        foreach (SetupFile file in Files)
            yield return new(file.Setting, Path.Combine(folder, file.Name));
        // An empty section says nothing, and must not replace one that is there.
        foreach (KeyValuePair<string, JsonNode?> setting in Flatten(Settings).Where(setting => setting.Value is not JsonObject))
            yield return setting;
    }

    /// <summary>The values of sections, with their keys. A list is one value, so that it replaces the one that is there; so is an empty section.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Flatten(JsonObject? sections, string path = "")
    {
        foreach ((string name, JsonNode? value) in sections ?? [])
        {
            if (value is not JsonObject { Count: > 0 } inner)
                yield return new($"{path}{name}", value);
            else
            {
                foreach (KeyValuePair<string, JsonNode?> setting in Flatten(inner, $"{path}{name}:"))
                    yield return setting;
            }
        }
    }
}

/// <param name="Kind">A value of `Capture:Camera`.</param>
/// <param name="Device">The device node, for `v4l2`.</param>
/// <param name="Url">The address of the pictures, for `http`, of the stream, for `rtsp`, or of the camera, for `onvif`.</param>
/// <param name="PasswordFile">A file with the password, for `http`, `rtsp` and `onvif` with a user.</param>
sealed record CameraAnswer(string Kind, string? Device = null, string? Url = null, string? User = null, string? PasswordFile = null)
{
    public IEnumerable<KeyValuePair<string, JsonNode?>> ToSettings()
    {
        yield return new("Capture:Camera", Kind);
        if (Device is not null)
            yield return new("Capture:V4l2:Device", Device);
        if (Url is null)
            yield break;
        string section = CameraKinds.Find(Kind)?.Section ?? HttpCamera.Definition.Section;
        yield return new($"{section}:Url", Url);
        // Another camera's login must not stay behind.
        yield return new($"{section}:User", User);
        yield return new($"{section}:PasswordFile", PasswordFile);
    }
}

/// <param name="Password">The password itself, which is written to a file that only root can read; or null if it stays as it is.</param>
sealed record BrokerAnswer(string Address, string? UserName = null, string? Password = null, string? CaFile = null)
{
    public IEnumerable<KeyValuePair<string, JsonNode?>> ToSettings()
    {
        yield return new("Publish:Broker", Address);
        yield return new("Publish:UserName", UserName);
        if (CaFile is not null)
            yield return new("Publish:CaFile", CaFile);
    }
}
