using System.Net;
using System.Text;

namespace Countersign.Native;

/// <summary>subjectAltName, in the certificate's order within each kind.</summary>
public sealed record CertificateNames(
    IReadOnlyList<string> Dns, IReadOnlyList<string> Uris, IReadOnlyList<string> Emails, IReadOnlyList<IPAddress> Addresses)
{
    private const int Email = 1;
    private const int DnsName = 2;
    private const int Uri = 6;
    private const int Address = 7;

    internal static unsafe CertificateNames Read(nint certificate)
    {
        List<string> dns = [], uris = [], emails = [];
        List<IPAddress> addresses = [];
        var names = NativeX509.Extension(certificate, NativeX509.NidSubjectAltName, null, null);
        NativeError.Clear();
        for (var i = 0; names != 0 && i < NativeCrypto.Count(names); i++)
        {
            int kind;
            var value = NativeX509.GeneralName(NativeCrypto.Item(names, i), &kind);
            if (kind is not (Email or DnsName or Uri or Address))
            {
                continue;
            }
            var bytes = CertificateText.StringBytes(value);
            switch (kind)
            {
                case Email:
                    emails.Add(Encoding.Latin1.GetString(bytes));
                    break;
                case DnsName:
                    dns.Add(Encoding.Latin1.GetString(bytes));
                    break;
                case Uri:
                    uris.Add(Encoding.Latin1.GetString(bytes));
                    break;
                case Address when bytes.Length is 4 or 16:
                    addresses.Add(new IPAddress(bytes));
                    break;
            }
        }
        if (names != 0)
        {
            NativeX509.FreeGeneralNames(names);
        }
        return new CertificateNames(dns, uris, emails, addresses);
    }
}
