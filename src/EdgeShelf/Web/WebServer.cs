using System.Net;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

/// <summary>
/// Serves the page while the service runs. A port that is taken, an address that does not exist yet or a certificate
/// that cannot be read does not stop the service: the problem is logged when it begins and when its reason changes, and the page is tried again.
/// </summary>
sealed class WebServer(IServiceProvider services, IOptions<WebOptions> options, TimeProvider clock, ILogger<WebServer> log) : BackgroundService
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(3);

    readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the page's address when it is served; only then is the port known.</summary>
    public Task<Uri> Listening => _listening.Task;

    /// <summary>The address under which other machines reach the page, or null if it is not served yet or to this machine only.</summary>
    public Uri? PageForOthers => !_listening.Task.IsCompletedSuccessfully || IPAddress.IsLoopback(options.Value.ListenAddress) ? null : PageAddress.Of(options.Value, _listening.Task.Result.Port)[0];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
            return;
        string? reported = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using WebApplication app = WebApp.Build(services, options.Value);
                await app.StartAsync(stoppingToken);
                Uri address = new(app.Urls.First());
                log.WebListens(address, options.Value.NeedsToken ? "browsers need a code: sudo edgeshelf pair; programs need the token: sudo edgeshelf config show --reveal-token" : "from this machine only");
                OfferCode(address.Port);
                _listening.TrySetResult(address);
                await StopWhen(app, stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Catch everything: a page that does not start must not stop the captures.
                if (reported != problem.Message)
                    log.WebDoesNotStart(options.Value.Address, options.Value.Port, problem.Message, (problem as EdgeShelfException)?.Hint ?? "It is tried again until it works.");
                reported = problem.Message;
            }
            await WaitAsync(stoppingToken);
        }
    }

    /// <summary>Logs a pairing code at the first start, for as long as no browser was ever admitted.</summary>
    void OfferCode(int port)
    {
        PairingCode pairing = PairingCode.Of(options.Value, clock);
        if (!options.Value.NeedsToken || pairing.WasPaired || pairing.IsWaiting)
            return;
        try
        {
            Uri page = PageAddress.Of(options.Value, port)[0];
            string code = PairingCode.Shown(pairing.Begin());
            log.PairingBegins(page, code, (int)PairingCode.ValidFor.TotalMinutes);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            log.PairingIsNotPossible(unwritable.Message);
        }
    }

    async Task WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The loop's condition ends the loop.
        }
    }

    static async Task StopWhen(WebApplication app, CancellationToken stoppingToken)
    {
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stoppingToken.Register(stop.SetResult))
            await stop.Task;
        // Uploads in progress are aborted; their clients can send them again.
        using CancellationTokenSource limit = new(StopWithin);
        await app.StopAsync(limit.Token);
    }
}
