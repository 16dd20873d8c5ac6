using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Tests;

public sealed class EdgeShelfHostTests
{
    /// <summary>dotnet/runtime#67146: a worker faulted, the process ended with 0, and systemd saw no reason to start it again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ItTellsWhetherAWorkerDied(bool dies)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(services => new Worker(dies, services.GetRequiredService<IHostApplicationLifetime>()));
        using IHost host = builder.Build();

        Assert.Equal(!dies, await EdgeShelfHost.RunAsync(host, TestContext.Current.CancellationToken));
    }

    /// <summary>Copies of pictures that nobody can look at cost a decoder's work and memory.</summary>
    [Theory]
    [InlineData("false", "false", false)]
    [InlineData("true", "false", true)]
    [InlineData("false", "true", true)]
    public void PicturesAreCopiedOnlyWhereSomebodyCanLook(string page, string image, bool wanted)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Capture:Folder:Path"] = "/pictures",
            ["Log:ToFile"] = "false",
            ["Web:Enabled"] = page,
            ["Publish:Image"] = image,
        }).Build();
        using IHost host = EdgeShelfHost.Build(configuration);

        Assert.Equal(wanted, host.Services.GetRequiredService<ShelfHistory>().IsWanted);
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
