using EdgeShelf.Cli;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Tests;

public sealed class EdgeShelfHostTests
{
    /// <summary>dotnet/runtime#67146: a worker faulted, the process ended with 0, and systemd saw no reason to start it again.</summary>
    [Theory]
    [InlineData(true, ExitCodes.Failed)]
    [InlineData(false, ExitCodes.Fine)]
    public async Task TheExitCodeTellsWhetherAWorkerDied(bool dies, int exitCode)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(services => new Worker(dies, services.GetRequiredService<IHostApplicationLifetime>()));
        using IHost host = builder.Build();

        Assert.Equal(exitCode, await EdgeShelfHost.RunAsync(host, TestContext.Current.CancellationToken));
    }

    sealed class Worker(bool dies, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            if (dies)
                throw new InvalidOperationException("A bug.");
            lifetime.StopApplication();
        }
    }
}
