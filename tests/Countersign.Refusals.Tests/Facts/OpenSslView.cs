namespace Countersign.Refusals.Tests.Facts;

/// <summary>What <c>openssl x509</c> says of the same bytes.</summary>
internal static class OpenSslView
{
    /// <summary>Its output lines.</summary>
    public static async Task<string[]> Of(byte[] der, params string[] options)
    {
        var result = await CommandLine.Run("openssl", ["x509", "-inform", "der", "-noout", .. options], der);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What follows the = of its only line.</summary>
    public static async Task<string> Value(byte[] der, params string[] options)
    {
        var line = (await Of(der, options)).Single();
        return line[(line.IndexOf('=') + 1)..];
    }
}
