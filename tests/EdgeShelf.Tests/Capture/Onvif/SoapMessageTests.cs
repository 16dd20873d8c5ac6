using System.Xml.Linq;
using EdgeShelf.Capture.Onvif;

namespace EdgeShelf.Tests.Capture.Onvif;

public sealed class SoapMessageTests
{
    /// <summary>The example of the ONVIF Application Programmer's Guide, 6.1.1.3.</summary>
    [Fact]
    public void TheDigestOfALoginIsThatOfOnvifsExample()
    {
        XElement login = SoapMessage.UsernameToken("user", "userpassword", Convert.FromBase64String("LKqI6G/AikKCQrN0zqZFlg=="), "2010-09-16T07:50:45Z");

        Assert.Equal("tuOSpGlFlIXsozq4HFNeeGeFLEI=", login.Descendants().Single(element => element.Name.LocalName == "Password").Value);
    }

    [Fact]
    public void EachLoginHasANonceOfItsOwn()
    {
        DateTimeOffset now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

        Assert.NotEqual($"{SoapMessage.UsernameToken("a", "b", now)}", $"{SoapMessage.UsernameToken("a", "b", now)}");
    }

    [Theory]
    [InlineData("onvif://camera", "http://camera/onvif/device_service")]
    [InlineData("onvif://camera:8899", "http://camera:8899/onvif/device_service")]
    [InlineData("https://camera/", "https://camera/onvif/device_service")]
    [InlineData("http://camera:2020/device", "http://camera:2020/device")]
    public void TheAddressOfTheDeviceServiceFollowsFromTheSetting(string setting, string service)
    {
        Assert.Equal(new Uri(service), OnvifCamera.DeviceServiceOf(setting));
    }
}
