using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Web;

/// <summary>
/// Combines Kestrel, the guards and the routes. It has a container of its own, so that it can be built again when it
/// fails to start, and shares the service's singletons.
/// </summary>
static class WebApp
{
    /// <summary>Maximum number of connections; further ones are closed at once. A device has few users at a time.</summary>
    const int MaxConnections = 100;

    public static WebApplication Build(IServiceProvider shelf, WebOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        IServiceCollection services = builder.Services;
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton<ILoggerFactory>(new WithoutHostLines(shelf.GetRequiredService<ILoggerFactory>()));
        services.AddLogging();
        services.AddRouting();
        services.AddProblemDetails(details => details.CustomizeProblemDetails = context => Problems.Complete(context.ProblemDetails));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = WireNames.Json.PropertyNamingPolicy;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, WebJson.Answers);
        });
        services.AddOpenApi(ApiDescription.Configure);
        services.AddOpenTelemetry().WithMetrics(shelf.GetRequiredService<ShelfMetrics>().ExportTo);
        // Registered with a factory, so that the container disposes the object and its timers.
        services.AddSingleton(_ => new WebLogin(options, shelf.GetRequiredService<TimeProvider>(), shelf.GetRequiredService<ILogger<WebServer>>()));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));

        WebApplication app = builder.Build();
        WebLogin? login = options.NeedsToken ? app.Services.GetRequiredService<WebLogin>() : null;
        app.Use(SecurityHeaders.Add);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = problem => problem is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(new RequestOrigin(options).Check);
        if (login is not null)
        {
            app.Use(new TokenCheck(login).Check);
            app.MapLogin(login);
        }
        app.MapPage(canSignOut: login is not null);
        foreach (RouteModule module in shelf.GetServices<RouteModule>())
            module.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi.json");
        return app;
    }

    static void Configure(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = UploadReader.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 50;
        kestrel.Limits.MaxRequestLineSize = 4 << 10;
        // Kestrel's default of 240 bytes per second would let a slow upload keep its permit for the whole time limit.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(UploadReader.MinBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Listen(options.ListenAddress, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            // The limit comes before TLS, so that a refused connection does not cost a handshake.
            listen.Use(new ConnectionLimit().Wrap);
            if (options.CertificateFile is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = new ServerCertificate(options).SelectAsync });
        });
    }

    /// <summary>
    /// The service's log without the messages of this inner host: each attempt to listen on a port that is taken would log a stack trace, while
    /// <see cref="WebServer"/> already logs the start and the end of the problem. The message about each request would decode the Host header, which can throw.
    /// </summary>
    sealed class WithoutHostLines(ILoggerFactory log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => categoryName is "Microsoft.Extensions.Hosting.Internal.Host" or "Microsoft.AspNetCore.Hosting.Diagnostics"
            ? NullLogger.Instance
            : log.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => log.AddProvider(provider);

        public void Dispose()
        {
            // The log belongs to the service and must not be disposed here.
        }
    }

    /// <summary>Does nothing, because the outer host handles signals.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
