using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Tests.Publish;

public sealed class PublishOptionsTests
{
    static readonly PublishOptionsValidator Validator = new();

    [Fact]
    public void TheDefaultsAreFine() => Assert.True(Validator.Validate(null, new PublishOptions()).Succeeded);

    /// <summary>The message showed 00:00:01, and 3650.00:00:00 for ten years.</summary>
    [Fact]
    public void ATimeIsShownAsItCanBeWritten()
    {
        ValidateOptionsResult result = Validator.Validate(null, new PublishOptions { KeepAlive = TimeSpan.FromSeconds(1), MaxAge = TimeSpan.FromDays(4000) });

        Assert.Equal(["Publish:KeepAlive is 1 s; allowed are 5 s to 10 min", "Publish:MaxAge is 4000 d; allowed are 60 s to 3650 d"], result.Failures!);
    }

    /// <summary>tuya-mqtt#48: a name with structure of topics in it led to endless reconnects.</summary>
    [Theory]
    [InlineData("a+b")]
    [InlineData("#")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("shelf-07\n")]
    [InlineData("")]
    [InlineData("regal-größe")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void ANameThatATopicCannotHoldIsRefusedWithWhatIsAllowed(string device)
    {
        ValidateOptionsResult result = Validator.Validate(null, new PublishOptions { Device = device });

        string failure = Assert.Single(result.Failures!);
        Assert.StartsWith("Publish:Device is ", failure, StringComparison.Ordinal);
        Assert.Contains(DeviceName.Allowed, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raspberrypi", "raspberrypi")]
    [InlineData("shop.example.com", "shop-example-com")]
    [InlineData("größe", "gr--e")]
    [InlineData("+", "edgeshelf")]
    public void AHostNameIsMadeToFit(string host, string device)
    {
        Assert.Equal(device, DeviceName.MadeToFit(host));
        Assert.True(DeviceName.IsValid(DeviceName.MadeToFit(host)));
    }

    [Fact]
    public void ALongHostNameIsCut() => Assert.True(DeviceName.IsValid(DeviceName.MadeToFit(new string('x', 200))));

    [Theory]
    [InlineData("mqtt://broker", "mqtt", "nothing without TLS")]
    [InlineData("mqtts://broker:443", "größe", "visible ASCII")]
    [InlineData("mqtts://broker:443", "mqtt", null)]
    [InlineData("wss://broker", "http/1.1", null)]
    public void AProtocolNameOfTlsNeedsTlsAndAscii(string broker, string alpn, string? problem)
    {
        ValidateOptionsResult result = Validator.Validate(null, new PublishOptions { Broker = broker, Alpn = alpn });

        Assert.Equal(problem is null, result.Succeeded);
        Assert.Contains(problem ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqtt://broker", "broker", 1883, false, false)]
    [InlineData("mqtts://broker", "broker", 8883, true, false)]
    [InlineData("mqtt://10.0.0.5:11883", "10.0.0.5", 11883, false, false)]
    [InlineData("ws://broker/mqtt", "broker", 80, false, true)]
    [InlineData("wss://broker:9443/mqtt", "broker", 9443, true, true)]
    public void EveryKindOfBrokerAddressIsUnderstood(string text, string host, int port, bool tls, bool webSocket)
    {
        Assert.True(BrokerAddress.TryParse(text, out BrokerAddress? address));
        Assert.Equal((host, port, tls, webSocket), (address.Host, address.Port, address.UsesTls, address.UsesWebSocket));
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("http://broker")]
    [InlineData("mqtt://")]
    [InlineData("mqtt://broker/path")]
    [InlineData("mqtt://broker:99999")]
    public void AnythingElseIsRefusedWithItsValue(string broker)
    {
        ValidateOptionsResult result = Validator.Validate(null, new PublishOptions { Broker = broker });
        Assert.Contains($"Publish:Broker is '{broker}'", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void APasswordInTheAddressIsRefusedAndNotRepeated()
    {
        ValidateOptionsResult result = Validator.Validate(null, new PublishOptions { Broker = "mqtt://joe:hunter2@broker" });
        Assert.DoesNotContain("hunter2", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryProblemIsNamedAtOnce()
    {
        ValidateOptionsResult result = Validator.Validate(null, new PublishOptions
        {
            Device = "a b",
            Broker = "x",
            PasswordFile = "/nowhere",
            KeepAlive = TimeSpan.Zero,
            MaxMessages = 0,
        });
        Assert.Equal(
            ["Publish:Device", "Publish:Broker", "Publish:PasswordFile", "Publish:UserName", "Publish:KeepAlive", "Publish:MaxMessages"],
            result.Failures!.Select(failure => failure.Split(' ')[0]));
    }
}
