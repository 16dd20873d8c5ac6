using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Cli.Setup;
using EdgeShelf.Configuration;
using EdgeShelf.Shelf;
using EdgeShelf.Web;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf pair`: makes a code with which a phone or a PC opens the page.</summary>
static class PairCommand
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print one JSON object: the addresses, the code and the seconds for which it is valid." };
        Command command = new("pair", "Make a code of six digits with which a browser opens the page, and show its address as a QR code. The code works once, within ten minutes.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            WebOptions web = ConfigurationCheck.Read<WebOptions>(common.Configuration(parsed), WebOptions.Section);
            TextWriter output = parsed.InvocationConfiguration.Output;
            (IReadOnlyList<Uri> pages, string code) = Begin(web);
            if (parsed.GetValue(json))
                output.WriteLine(new JsonObject { ["addresses"] = new JsonArray([.. pages.Select(page => (JsonNode)page.OriginalString)]), ["code"] = code, ["valid_s"] = PairingCode.ValidFor.TotalSeconds }.ToJsonString(Json));
            else
                Show(output, pages, code);
            if (await ProblemOfAsync(DeviceService.OfThisMachine, web, cancellationToken) is { } problem)
                parsed.InvocationConfiguration.Error.WriteLine(problem);
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

    /// <summary>Says why the page cannot be opened now: the code itself does not need the service, but the browser does.</summary>
    /// <returns>The problem and what to do next, or null.</returns>
    internal static async Task<string?> ProblemOfAsync(DeviceService service, WebOptions web, CancellationToken cancellationToken)
    {
        // The installed service may still be starting, so that its port says nothing yet.
        if (await service.IsInstalledAsync(cancellationToken))
            return await service.IsActiveAsync(cancellationToken) ? null : "The service does not run, so no browser can open the page yet. Start it with `sudo systemctl start edgeshelf`; the code works then too.";
        return await AnswersAsync(web, cancellationToken) ? null : $"Nothing answers at port {web.Port} of this device, so no browser can open the page yet. Start `edgeshelf run`; the code works then too.";
    }

    static async Task<bool> AnswersAsync(WebOptions web, CancellationToken cancellationToken)
    {
        IPAddress address = web.ListenAddress switch
        {
            var any when any.Equals(IPAddress.Any) => IPAddress.Loopback,
            var any when any.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback,
            var one => one,
        };
        using TcpClient client = new(address.AddressFamily);
        try
        {
            await client.ConnectAsync(address, web.Port, cancellationToken).AsTask().WaitAsync(ConnectsWithin, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (Exception unreachable) when (unreachable is SocketException or TimeoutException)
        {
            return false;
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
