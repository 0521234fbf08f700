namespace Countersign.Testing;

/// <summary>Deltas of revocation lists. OpenSSL 3.0.20 takes one for a whole list, 3.0.22 leaves it out unless it is asked to use deltas, which nginx does not.</summary>
public static class DeltaLists
{
    private static readonly Lazy<Task<bool>> LeftOut = new(Ask);

    /// <summary>What the openssl beside us does.</summary>
    public static Task<bool> AreLeftOut => LeftOut.Value;

    private static async Task<bool> Ask()
    {
        using var folder = new TemporaryFolder();
        using var authority = Identity.SelfSigned("CN=Authority");
        using var client = authority.Issue("CN=client");
        var result = await OpenSsl.Run(
            "verify", "-crl_check", "-CAfile", folder.Write("ca.pem", authority.Pem),
            "-CRLfile", folder.Write("delta.pem", authority.Crl(new CrlShape { Extra = [Extensions.DeltaSince(1)], Number = 2 })), folder.Write("client.pem", client.Pem));
        return result.ExitCode != 0;
    }
}
