using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Configuration;
using EdgeShelf.Shelf;
using EdgeShelf.Web;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf pair`: makes a code with which a phone or a PC opens the page.</summary>
static class PairCommand
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print one JSON object: the addresses, the code and the seconds for which it is valid." };
        Command command = new("pair", "Make a code of six digits with which a browser opens the page, and show its address as a QR code. The code works once, within ten minutes.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            WebOptions web = ConfigurationCheck.Read<WebOptions>(common.Configuration(parsed), WebOptions.Section);
            TextWriter output = parsed.InvocationConfiguration.Output;
            (IReadOnlyList<Uri> pages, string code) = Begin(web);
            if (parsed.GetValue(json))
                output.WriteLine(new JsonObject { ["addresses"] = new JsonArray([.. pages.Select(page => (JsonNode)page.OriginalString)]), ["code"] = code, ["valid_s"] = PairingCode.ValidFor.TotalSeconds }.ToJsonString(Json));
            else
                Show(output, pages, code);
        });
        return command;
    }

    /// <exception cref="EdgeShelfException">The page needs no code, or the code cannot be kept.</exception>
    static (IReadOnlyList<Uri> Pages, string Code) Begin(WebOptions web)
    {
        if (!web.Enabled)
            throw new EdgeShelfException("Web:Enabled is false, so there is no page.", "Set it to true in the configuration file and restart the service.");
        if (!web.NeedsToken)
            throw new EdgeShelfException(
                $"Web:Address is {web.Address}: only this machine reaches the page, and without a code.", "Set Web:Address to 0.0.0.0 in the configuration file and restart the service, so that phones in the network reach the page.");
        try
        {
            return (PageAddress.Of(web, web.Port), PairingCode.Of(web, TimeProvider.System).Begin());
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new EdgeShelfException($"The code cannot be kept: {problem.Message}", "Run `sudo edgeshelf pair`.", problem);
        }
    }

    static void Show(TextWriter output, IReadOnlyList<Uri> pages, string code)
    {
        output.WriteLine("Point the camera of a phone at this, in the same network as the device:");
        output.WriteLine();
        QrBlocks.Write(output, PageAddress.WithCode(pages[0], code).AbsoluteUri);
        output.WriteLine();
        output.WriteLine($"Or open {pages[0]} and enter the code {PairingCode.Shown(code)}");
        if (pages.Count > 1)
            output.WriteLine($"The page also has {(pages.Count == 2 ? "the address" : "the addresses")} {string.Join(", ", pages.Skip(1))}");
        output.WriteLine($"The code works for one browser, within {PairingCode.ValidFor.TotalMinutes:0} minutes.");
    }
}
